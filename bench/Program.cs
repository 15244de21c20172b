using System.Data.Common;
using Bench;
using Bench.Benches;
using Bench.Measuring;
using Bench.Servers;
using Bench.Yardsticks;
using StackExchange.Redis;

switch (args)
{
    case ["serve", .. var rest]:
        await BareServer.RunAsync(rest.FirstOrDefault());
        return 0;
    case ["worker", .. var rest]:
        await BenchWorker.RunAsync(rest);
        return 0;
    case ["hangfire", ..]:
        await HangfireNode.RunAsync();
        return 0;
}

IBench[] benches = [new Reads(), new StockRace(), new Checkouts(), new Growth(), new JobThroughput(), new JobLatency()];
if (args is ["list", ..])
{
    foreach (var bench in benches) Console.WriteLine($"{bench.Name,-10} {bench.Question}");
    return 0;
}
if (Arguments.Parse(args) is not { } arguments || arguments.Names.Any(name => name != "all" && !Array.Exists(benches, bench => bench.Name == name)))
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

ThreadPool.SetMinThreads(64, 64); // hundreds of buyers start at once
var report = new Report(arguments);
var isWhole = true;
await using (var laboratory = await Laboratory.StartAsync(arguments.Data))
{
    foreach (var bench in benches.Where(bench => arguments.Names.Contains("all") || arguments.Names.Contains(bench.Name)))
    {
        Console.Error.WriteLine($"{bench.Name}: {bench.Question}");
        try
        {
            await bench.RunAsync(laboratory, new Contest(arguments.Rounds, arguments.Window), report);
        }
        catch (Exception failure) when (failure is InvalidOperationException or NotSupportedException or IOException or HttpRequestException or TimeoutException or DbException or RedisException)
        {
            // The other benches are worth having without this one.
            Console.Error.WriteLine(failure);
            report.Fail(bench.Name, failure.Message);
            isWhole = false;
        }
        await laboratory.ClearAsync();
        if (arguments.Out is { } path) await File.WriteAllTextAsync(path, report.ToString());
    }
}
return isWhole ? 0 : 1;
