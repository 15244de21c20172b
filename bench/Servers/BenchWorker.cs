using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Commerce;
using Commerce.Jobs;
using Commerce.Outbox;
using ServiceDefaults;
using Worker.Jobs;
using Worker.Payments;

namespace Bench.Servers;

/// <summary>
/// A Worker with its own relay, pump and runner, but without effects outside of PostgreSQL: payments are applied, every other kind of job
/// only starts and settles. Runs as a process: <c>Bench worker</c>; says at <c>/starts</c> when jobs have started.
/// </summary>
internal static class BenchWorker
{
    public static async Task RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.AddNpgsqlDbContext<ShopDb>("shop", settings => settings.ConnectionString = ShopDb.Prepared(settings.ConnectionString));
        builder.AddRedisClient("redis", settings => settings.DisableHealthChecks = true, options => options.AbortOnConnectFail = false);
        builder.Services.AddCommerce(builder.Configuration).AddOrders(builder.Configuration);
        builder.Services.AddJobRelay();
        builder.Services.AddJobs(jobs =>
        {
            jobs.Add<ApplyStripeEvent, ApplyStripeEventArguments>(JobKinds.ApplyStripeEvent);
            foreach (var kind in JobKinds.All.Keys.Where(kind => kind != JobKinds.ApplyStripeEvent))
                jobs.Add<Nothing, Dictionary<string, JsonElement>>(kind);
        });
        await using var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGet("/starts", Starts.Take);
        await app.RunAsync();
    }

    private sealed class Nothing : IJob<Dictionary<string, JsonElement>>
    {
        public Task RunAsync(Dictionary<string, JsonElement> arguments, JobRun run, CancellationToken cancellationToken)
        {
            if (arguments.TryGetValue("orderId", out var id)) Starts.Note(id.GetGuid());
            return Task.CompletedTask;
        }
    }
}

/// <summary>When jobs have started in this process, on the clock that all processes of a machine share.</summary>
internal static class Starts
{
    private static readonly ConcurrentQueue<(Guid Id, long Timestamp)> Noted = new();

    public static void Note(Guid id) => Noted.Enqueue((id, Stopwatch.GetTimestamp()));

    /// <summary>What was noted since the last call, as lines of id and timestamp.</summary>
    public static string Take()
    {
        var lines = new List<string>();
        while (Noted.TryDequeue(out var start)) lines.Add(string.Create(CultureInfo.InvariantCulture, $"{start.Id} {start.Timestamp}"));
        return string.Join('\n', lines);
    }

    /// <summary>Asks a process for its.</summary>
    public static async Task<IEnumerable<(Guid Id, long Timestamp)>> OfAsync(HttpClient http, Child process)
    {
        var text = await http.GetStringAsync(new Uri(process.Address, "/starts"));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (Guid.Parse(line.AsSpan(0, 36)), long.Parse(line.AsSpan(37), CultureInfo.InvariantCulture)))];
    }
}
