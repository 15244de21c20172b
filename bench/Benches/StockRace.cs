using Bench.Measuring;
using Bench.Servers;
using Bench.Yardsticks;

namespace Bench.Benches;

/// <summary>Everybody wants the same item: the order desk against a plain transaction per order.</summary>
internal sealed class StockRace : IBench
{
    private const int Products = 1_000;
    private const int Few = 64;
    private const int Many = 512;

    public string Name => "stock";
    public string Question => "how many orders of one hot item the desk places for each that plain transactions do";

    public async Task RunAsync(Laboratory laboratory, Contest contest, Report report)
    {
        var shop = await laboratory.ShopAsync(Products);
        var desk = laboratory.Keep(await Desk.OpenAsync(shop));
        var collector = await laboratory.CollectorAsync();
        await using var few = await PlainTransactions.OpenAsync(shop, Few);
        await using var many = await PlainTransactions.OpenAsync(shop, Many);

        TimeSpan Cpu() => CpuTime.Of(Environment.ProcessId) + CpuTime.OfTree(laboratory.PostgresId);
        var rows = await contest.Shorter(0.75).RunAsync(
            [
                new Side("plain, 64 buyers", few.RunAsync, Cpu),
                new Side("desk, 64 buyers", window => desk.RunAsync(Few, window), Cpu, desk.PrepareAsync),
                new Side("desk, 64 buyers, telemetry", window => desk.RunObservedAsync(Few, window, collector), Cpu, desk.PrepareAsync),
                new Side("plain, 512 buyers", many.RunAsync, Cpu),
                new Side("desk, 512 buyers", window => desk.RunAsync(Many, window), Cpu, desk.PrepareAsync),
            ],
            [
                new("hot item, 64 buyers", "plain, 64 buyers", "desk, 64 buyers", 10),
                new("hot item, 64 buyers, telemetry on", "plain, 64 buyers", "desk, 64 buyers, telemetry"),
                new("hot item, 512 buyers", "plain, 512 buyers", "desk, 512 buyers", 10),
            ]);
        report.Add("Hot item", rows,
            "Yardstick: one connection per buyer running BEGIN; UPDATE stock ... WHERE available >= q; INSERT order, line, outbox; COMMIT, in tables of its own. " +
            "Measured: Commerce's OrderDesk with whole orders (idempotency, basket, price, tax, stock ledger, payment, job). CPU: this process and PostgreSQL, buyers included.");
    }
}
