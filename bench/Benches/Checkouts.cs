using Bench.Load;
using Bench.Measuring;
using Bench.Replaying;
using Bench.Servers;
using Commerce;
using Npgsql;

namespace Bench.Benches;

/// <summary>Whole checkouts over HTTP against their own SQL, recorded on the wire and repeated by raw Npgsql.</summary>
internal sealed class Checkouts : IBench
{
    private const int Products = 1_000;

    /// <summary>The product of the recording. In the turns every buyer has a product of his own, measured and replayed alike.</summary>
    private const int Item = 100;
    private const int WarmUps = 5;

    private static readonly int[] Buyers = [1, 16, 64];

    /// <summary>Webhooks that change nothing come a little after the one that pays.</summary>
    private static readonly TimeSpan LastWebhooks = TimeSpan.FromSeconds(1.5);

    public string Name => "checkout";
    public string Question => "how much of raw Npgsql's speed is left when the whole shop does the same SQL";

    public async Task RunAsync(Laboratory laboratory, Contest contest, Report report)
    {
        var (raw, shop, observed) = (await laboratory.ShopAsync(Products, "raw"), await laboratory.ShopAsync(Products, "off"), await laboratory.ShopAsync(Products, "on"));
        var (replay, check) = await RecordAsync(laboratory, raw);
        await using var source = NpgsqlDataSource.Create(ShopDb.Prepared(raw.ConnectionString));
        var off = await CheckoutFloor.OpenAsync(laboratory, shop, shop.ConnectionString, "off");
        var on = await CheckoutFloor.OpenAsync(laboratory, observed, observed.ConnectionString, "on", await laboratory.TelemetryAsync());

        Side Replayed(int buyers) => new($"replay, {buyers}", window => ClosedLoop.RunAsync(buyers, window, async buyer => await replay.RunAsync(source, buyer + 1)),
            () => CpuTime.Of(Environment.ProcessId) + CpuTime.OfTree(laboratory.PostgresId));
        Side Bought(CheckoutFloor floor, string name, int buyers) => new(name, window => floor.RunAsync(buyers, window), floor.Cpu, async _ => await floor.ResetAsync());

        var rows = await contest.Shorter(0.75).RunAsync(
            [.. Buyers.SelectMany(buyers => new[] { Replayed(buyers), Bought(off, $"checkout, {buyers}", buyers) }), Bought(on, "checkout, 16, telemetry", 16)],
            [
                .. Buyers.Select(buyers => new Comparison($"checkout, {buyers} {(buyers == 1 ? "buyer" : "buyers")}", $"replay, {buyers}", $"checkout, {buyers}", 0.5)),
                new("checkout, 16 buyers, telemetry on", "replay, 16", "checkout, 16, telemetry"),
            ]);
        report.Add("Checkout", rows,
            $"A checkout is basket, line, shipping rates, order, payment session at the Stripe emulator, card, webhook and its application by a worker: {replay.Statements.Count()} statements, {replay.Transactions} transactions. " +
            "Yardstick: these statements alone, recorded on the wire in this run (without the moving of jobs between row and worker) and repeated by raw pooled Npgsql with prepared statements. " +
            "CPU: Api, worker and PostgreSQL; for the yardstick the repeating process and PostgreSQL. The emulator and the shoppers share the machine and are not counted. " +
            "p50 and p99 are from the empty basket to the accepted card.",
            check);
    }

    private static async Task<(Replay Replay, string Check)> RecordAsync(Laboratory laboratory, Shop shop)
    {
        var address = new NpgsqlConnectionStringBuilder(shop.ConnectionString);
        await using var tap = new WireTap(address.Port);
        address.Port = tap.Port;
        await using var floor = await CheckoutFloor.OpenAsync(laboratory, shop, address.ConnectionString, "recording");
        async Task BuyAsync()
        {
            await floor.BuyAsync(Item);
            await floor.SettledAsync();
            await Task.Delay(LastWebhooks);
        }
        for (var i = 0; i < WarmUps; i++) await floor.BuyAsync(Item);
        await BuyAsync();
        var before = await shop.CountRowsAsync();
        await BuyAsync();
        var made = (await shop.CountRowsAsync()).Since(before);
        tap.Recording = new Recording();
        await BuyAsync();
        var replay = new Replay(tap.Recording, Item);
        tap.Recording = null;
        await floor.DisposeAsync();
        return (replay, await CheckAsync(shop, replay, made));
    }

    /// <summary>A replay must leave behind what the real checkout does.</summary>
    private static async Task<string> CheckAsync(Shop shop, Replay replay, IReadOnlyDictionary<string, long> made)
    {
        var (before, differences) = (await shop.CountRowsAsync(), new List<string>());
        await replay.RunAsync(shop.Source, Item + 1, differences);
        var replayed = (await shop.CountRowsAsync()).Since(before);
        differences.AddRange(made.Keys.Union(replayed.Keys).Where(table => made.GetValueOrDefault(table) != replayed.GetValueOrDefault(table))
            .Select(table => $"{table}: {made.GetValueOrDefault(table)} rows by the shop, {replayed.GetValueOrDefault(table)} by the replay"));
        return differences.Count == 0
            ? $"Checked in this run: a replay touches the same number of rows with every statement and leaves the same rows behind ({string.Join(", ", made.OrderBy(t => t.Key).Select(t => $"{t.Key} {t.Value}"))})."
            : $"The replay differs from the shop: {string.Join("; ", differences)}.";
    }
}
