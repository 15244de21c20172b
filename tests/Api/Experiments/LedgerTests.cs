using System.Collections.Concurrent;
using System.Data;
using System.Diagnostics;
using System.Net;
using Commerce.Audit;
using Commerce.Baskets;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Tests.Api.Experiments;

/// <summary>
/// Experiment 15: while orders, expiries, payments, cancellations, adjustments, counts and transfers run at once, whoever reads one moment of the database
/// finds the books balanced. Full size: <c>docs/experiments.md</c>.
/// </summary>
public class LedgerTests(ShopApi shop, ITestOutputHelper output) : IClassFixture<ShopApi>
{
    private const int Workers = 12;
    private const int BasketsAtOnce = 100;
    private static readonly int MostLines = Size.Of("EXPERIMENT_LEDGER_LINES", 3);
    private static readonly Actor Ann = new(ActorKind.Staff, "1", "ann@shop.test");
    private readonly History _history = new();
    private readonly ConcurrentQueue<(Guid Id, string Number)> _open = [];
    private readonly ConcurrentQueue<string> _paid = [];
    private readonly ConcurrentDictionary<string, int> _done = [];
    private Guid[] _variants = [];
    private Guid[] _locations = [];

    [Fact]
    public async Task Every_snapshot_balances_whatever_runs_at_once()
    {
        var (operations, seed) = (Size.Of("EXPERIMENT_LEDGER_OPERATIONS", 600), Size.Seed());
        output.WriteLine($"{operations} operations, seed {seed}");
        await StockUpAsync(operations);
        using var stop = new CancellationTokenSource();
        var reading = ReadAsync(stop.Token);
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var (random, baskets) = (new Random(seed + worker), new Queue<string>());
            while (Interlocked.Increment(ref next) <= operations) await ActAsync(random, baskets);
        })));
        await shop.SettleAsync();
        await stop.CancelAsync();
        var (snapshots, anomalies) = await reading;
        output.WriteLine(string.Join(", ", _done.OrderByDescending(d => d.Value).Select(d => $"{d.Value} {d.Key}")));
        await using (var db = shop.Open()) output.WriteLine($"{await db.StockMovements.LongCountAsync()} changes of stock items in the ledger");
        output.WriteLine($"{snapshots} snapshots, {anomalies.Count} anomalies");
        Assert.True(snapshots > 3);
        Assert.Empty(anomalies);
        Assert.Equal(0, (await shop.ReconcileAsync()).DifferenceCount);
        await Checker.AssertAsync(shop, _history);
    }

    private async Task StockUpAsync(int operations)
    {
        _variants = [.. await Task.WhenAll(Enumerable.Range(0, MostLines + 2).Select(_ => shop.AddGoodsAsync(50 + (operations / 10))))];
        await using var db = shop.Open();
        var far = (await db.AddLocationAsync("Far", 5, Ann, null, CancellationToken.None)).Value.Id;
        _locations = [Location.MainId, far];
        var set = await shop.AddGoodsAsync(0);
        Assert.Null((await db.SetBundleAsync(set, "", [new BundlePart(_variants[0], 2), new BundlePart(_variants[1], 1)], Ann, null, CancellationToken.None)).Refusal);
        _variants = [.. _variants, set];
    }

    private async Task ActAsync(Random random, Queue<string> baskets)
    {
        var what = random.Next(100);
        if (what < 50) await PlaceAsync(random, baskets);
        else if (what < 80) await WithOpenAsync("expired", o => InScopeAsync<PaymentVerbs>(p => p.ExpireReservationAsync(o.Id, null, CancellationToken.None)));
        else if (what < 86) await WithOpenAsync("cancelled", o => InScopeAsync<Cancellation>(c => c.CancelAsync(o.Number, new Instruction(Ann), true, CancellationToken.None)));
        else if (what < 88) await WithOpenAsync("paid", PayAsync);
        else if (what < 89 && _paid.TryDequeue(out var number)) await CountedAsync("returned", InScopeAsync<Cancellation>(c => c.CancelAsync(number, new Instruction(Ann), true, CancellationToken.None)));
        else await ChangeStockAsync(random);
    }

    private async Task PlaceAsync(Random random, Queue<string> baskets)
    {
        if (baskets.Count == 0) await FillBasketsAsync(random, baskets);
        var (key, basket) = (Guid.NewGuid().ToString(), baskets.Dequeue());
        await InScopeAsync<OrderDesk>(async desk =>
        {
            var answer = await desk.PlaceAsync(new PlaceOrder(key, basket, "ann@example.com",
                new Address { Name = "Ann", Line1 = "Road 1", PostalCode = "10115", City = "Berlin", CountryCode = "DE" }, null), CancellationToken.None);
            Count(answer.Refusal is null ? "placed" : "sold out");
            _history.Add(new Told(key, basket, answer.Refusal is null ? HttpStatusCode.Created : HttpStatusCode.Conflict, answer.Answer ?? "", default, default));
        });
        await using var db = shop.Open();
        if (await db.Orders.Where(o => o.BasketId == basket).Select(o => new { o.Id, o.Number }).FirstOrDefaultAsync() is { } order) _open.Enqueue((order.Id, order.Number));
    }

    /// <summary>Many at once: filling baskets is not what is tried here.</summary>
    private async Task FillBasketsAsync(Random random, Queue<string> baskets)
    {
        await using var db = shop.Open();
        for (var i = 0; i < BasketsAtOnce; i++)
        {
            var (id, now) = (Basket.NewId(), DateTimeOffset.UtcNow);
            var variants = _variants.OrderBy(_ => random.Next()).Take(random.Next(1, MostLines + 1));
            db.Baskets.Add(new Basket { Id = id, CreatedAt = now, Lines = [.. variants.Select(v => new BasketLine { BasketId = id, VariantId = v, Quantity = random.Next(1, 4), AddedAt = now })] });
            baskets.Enqueue(id);
        }
        await db.SaveChangesAsync();
    }

    private async Task PayAsync((Guid Id, string Number) order)
    {
        await using var db = shop.Open();
        var key = await db.Orders.Where(o => o.Id == order.Id).Select(o => o.Key).SingleAsync();
        var purchase = new Purchase(shop, order.Number, key, 0);
        Assert.True(await _history.PayAsync(purchase, await purchase.OpenSessionOnceItWorksAsync()));
        await ShopApi.OkAsync(purchase.SendAsync("payment-confirmation"));
        _paid.Enqueue(order.Number);
    }

    private async Task ChangeStockAsync(Random random)
    {
        await using var db = shop.Open();
        var (variant, from, delta, now) = (_variants[random.Next(_variants.Length - 1)], random.Next(2), random.Next(-30, 31), DateTimeOffset.UtcNow);
        var outcome = random.Next(4) switch
        {
            0 => await db.TransferStockAsync(variant, _locations[from], _locations[1 - from], 1 + Math.Abs(delta), new StockInstruction(Ann), now, CancellationToken.None),
            1 => await db.CountStockAsync(variant, _locations[from], 60 + delta, new StockInstruction(Ann), now, CancellationToken.None),
            _ => await db.AdjustStockAsync(variant, _locations[from], delta == 0 ? 1 : delta, new StockInstruction(Ann), now, CancellationToken.None),
        };
        Count(outcome.IsRefused ? "stock change refused" : "stock changed");
    }

    private async Task WithOpenAsync(string what, Func<(Guid Id, string Number), Task> act)
    {
        if (_open.TryDequeue(out var order)) await CountedAsync(what, act(order));
    }

    private async Task CountedAsync(string what, Task act)
    {
        await act;
        Count(what);
    }

    private void Count(string what) => _done.AddOrUpdate(what, 1, (_, count) => count + 1);

    private Task InScopeAsync<T>(Func<T, Task> act) where T : notnull => shop.InScopeAsync(act);

    private async Task<(int Snapshots, List<string> Anomalies)> ReadAsync(CancellationToken stop)
    {
        var (snapshots, anomalies) = (0, new List<string>());
        await using var connection = new NpgsqlConnection(shop.DatabaseAddress.ConnectionString);
        await connection.OpenAsync(CancellationToken.None);
        // A look at millions of rows takes seconds: the pause grows with it, or the readers would have the machine to themselves.
        for (var pause = TimeSpan.Zero; !stop.IsCancellationRequested; snapshots++, await Task.Delay(pause, CancellationToken.None))
        {
            var started = Stopwatch.GetTimestamp();
            await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, CancellationToken.None);
            // Three statements, one moment: the figures, the ledger that explains them, and the promises made to orders.
            var items = await RowsAsync("SELECT id::text, '', on_hand::bigint, reserved::bigint FROM stock_items");
            var ledger = (await RowsAsync("SELECT stock_item_id::text, kind, sum(on_hand_change)::bigint, sum(reserved_change)::bigint FROM stock_movements GROUP BY 1, 2")).ToLookup(r => r.Item);
            var promises = (await RowsAsync("SELECT stock_item_id::text, state, sum(quantity)::bigint, 0::bigint FROM reservations GROUP BY 1, 2")).ToLookup(r => r.Item);
            foreach (var (item, _, onHand, reserved) in items)
            {
                var (held, sold) = (promises[item].Where(p => p.What == "Held").Sum(p => p.First), promises[item].Where(p => p.What == "Consumed").Sum(p => p.First));
                var supplied = ledger[item].Where(m => m.What is "Received" or "Adjusted" or "Transferred" or "Returned").Sum(m => m.First);
                if (reserved < 0 || onHand < reserved || reserved != held || reserved != ledger[item].Sum(m => m.Second) || onHand != ledger[item].Sum(m => m.First) || onHand - reserved + held + sold != supplied)
                    anomalies.Add($"{item}: {onHand} on hand, {reserved} reserved, {held} held, {sold} sold, {supplied} supplied or returned");
            }
            pause = TimeSpan.FromMilliseconds(50) + (4 * Stopwatch.GetElapsedTime(started));
            if (ledger.SelectMany(m => m).Where(m => m.What == "Transferred").Sum(m => m.First) is not 0 and var lost) anomalies.Add($"{lost} units got lost between locations");
        }
        return (snapshots, anomalies);

        async Task<List<(string Item, string What, long First, long Second)>> RowsAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            var rows = new List<(string, string, long, long)>();
            while (await reader.ReadAsync(CancellationToken.None)) rows.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3)));
            return rows;
        }
    }
}
