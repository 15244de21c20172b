using System.Globalization;
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
        var distance = laboratory.Keep(new Distance(shop.ConnectionString));
        var desk = laboratory.Keep(await Desk.OpenAsync(shop, shop.ConnectionString));
        var deskAfar = laboratory.Keep(await Desk.OpenAsync(shop, distance.ConnectionString));
        var collector = await laboratory.CollectorAsync();
        await using var few = await PlainTransactions.OpenAsync(shop, shop.ConnectionString, Few);
        await using var fewAfar = await PlainTransactions.OpenAsync(shop, distance.ConnectionString, Few);
        await using var many = await PlainTransactions.OpenAsync(shop, shop.ConnectionString, Many);
        await using var manyAfar = await PlainTransactions.OpenAsync(shop, distance.ConnectionString, Many);

        TimeSpan Cpu() => CpuTime.Of(Environment.ProcessId) + CpuTime.OfTree(laboratory.PostgresId);
        var rows = await contest.Shorter(0.75).RunAsync(
            [
                new Side("plain, 64 buyers", few.RunAsync, Cpu),
                new Side("desk, 64 buyers", window => desk.RunAsync(Few, window), Cpu, desk.PrepareAsync),
                new Side("desk, 64 buyers, telemetry", window => desk.RunObservedAsync(Few, window, collector), Cpu, desk.PrepareAsync),
                new Side("plain, 64 buyers, afar", fewAfar.RunAsync, Cpu),
                new Side("desk, 64 buyers, afar", window => deskAfar.RunAsync(Few, window), Cpu, deskAfar.PrepareAsync),
                new Side("plain, 512 buyers", many.RunAsync, Cpu),
                new Side("desk, 512 buyers", window => desk.RunAsync(Many, window), Cpu, desk.PrepareAsync),
                new Side("plain, 512 buyers, afar", manyAfar.RunAsync, Cpu),
                new Side("desk, 512 buyers, afar", window => deskAfar.RunAsync(Many, window), Cpu, deskAfar.PrepareAsync),
            ],
            [
                new("hot item, 64 buyers", "plain, 64 buyers", "desk, 64 buyers", 10),
                new("hot item, 64 buyers, telemetry on", "plain, 64 buyers", "desk, 64 buyers, telemetry"),
                new("hot item, 64 buyers, PostgreSQL afar", "plain, 64 buyers, afar", "desk, 64 buyers, afar", 10),
                new("hot item, 512 buyers", "plain, 512 buyers", "desk, 512 buyers", 10),
                new("hot item, 512 buyers, PostgreSQL afar", "plain, 512 buyers, afar", "desk, 512 buyers, afar", 10),
            ]);
        var roundTrip = await distance.RoundTripAsync();
        report.Add("Hot item", rows,
            "Yardstick: one connection per buyer running BEGIN; UPDATE stock ... WHERE available >= q; INSERT order, line, outbox; COMMIT, in tables of its own. " +
            "Measured: Commerce's OrderDesk with whole orders (idempotency, basket, price, tax, stock ledger, payment, job). CPU: this process and PostgreSQL, buyers included.",
            $"Afar: both sides reach PostgreSQL by a relay that holds answers back, as a network does; a round trip took {roundTrip.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture)} ms. The relay's processor time is in the measured.");
    }
}
