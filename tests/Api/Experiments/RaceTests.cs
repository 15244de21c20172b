using System.Diagnostics;
using System.Net.Http.Json;
using Commerce;
using Commerce.Audit;
using Commerce.Orders;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Tests.Fixture;

namespace Tests.Api.Experiments;

/// <summary>Two processes of the Api on one database, beside the one here that takes the webhooks.</summary>
public sealed class TwoProcesses(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis), IAsyncLifetime
{
    private readonly List<ApiProcess> _nodes = [];

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        _nodes.AddRange(await Task.WhenAll(StartProcessAsync(), StartProcessAsync()));
    }

    /// <summary>As a load balancer would: in turn.</summary>
    public HttpClient Node(int request) => _nodes[request % _nodes.Count].Client;

    /// <summary>A crowd before the doors, spread over the nodes.</summary>
    internal Task<Buyer[]> GatherAsync(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(i => Buyer.ComeAsync(_nodes[i % _nodes.Count].Port)));

    /// <summary>Waits until neither the nodes nor this process have anything left to do: the runtime compiles long after a rush what was hot in it.</summary>
    public async Task CalmAsync()
    {
        var (interval, watch) = (TimeSpan.FromMilliseconds(500), Stopwatch.StartNew());
        for (var before = Cpu(); ; before = Cpu())
        {
            await Task.Delay(interval);
            if (Cpu() - before < interval / 20) return;
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), "The nodes do not come to rest.");
        }

        TimeSpan Cpu() => _nodes.Aggregate(Environment.CpuUsage.TotalTime, (sum, node) => sum + node.Cpu);
    }

    /// <summary>Baskets of the same lines, filled before the race.</summary>
    public async Task<string[]> FillAsync(int count, params (Guid Variant, int Quantity)[] lines)
    {
        var baskets = new string[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, token) =>
        {
            baskets[i] = (await OkAsync(Node(i).PostAsync("/api/v1/baskets", null, token))).GetProperty("id").GetString()!;
            foreach (var (variant, quantity) in lines) await OkAsync(Node(i).PutAsJsonAsync($"/api/v1/baskets/{baskets[i]}/lines/{variant}", new { quantity }, token));
        });
        return baskets;
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        await DisposeAsync();
    }
}

/// <summary>Experiments 1, 2 and 5: buyers who race for the same thing, over HTTP, at two processes of the Api. Full sizes: <c>docs/experiments.md</c>.</summary>
public class RaceTests(TwoProcesses shop, ITestOutputHelper output) : IClassFixture<TwoProcesses>
{
    private readonly History _history = new();

    [Fact]
    public async Task A_hot_item_is_sold_to_the_last_unit_and_not_one_more()
    {
        var (units, buyers, atOnce) = (Size.Of("EXPERIMENT_HOT_UNITS", 30), Size.Of("EXPERIMENT_HOT_BUYERS", 150), Size.Of("EXPERIMENT_HOT_AT_ONCE", 50));
        var rehearsals = Size.Of("EXPERIMENT_HOT_REHEARSALS", 0);
        for (var i = 0; i < rehearsals; i++) await RehearseAsync(units, buyers, atOnce);
        var variant = await shop.AddGoodsAsync(units);
        var baskets = await shop.FillAsync(buyers + (buyers / 10), (variant, 1));
        if (rehearsals > 0) await shop.CalmAsync();
        using var stop = new CancellationTokenSource();
        var sampling = SampleAsync(variant, stop.Token);
        await RushAsync(_history, baskets.AsMemory(0, buyers), atOnce);
        var rush = _history.Told.ToList();
        await Parallel.ForEachAsync(_history.Told.Where(t => t.IsOrder), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (told, _) => await BuyAsync(told.Purchase(shop)));
        await Parallel.ForAsync(buyers, baskets.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await _history.PlaceAsync(shop.Node(i), baskets[i]));
        await shop.SettleAsync();
        await stop.CancelAsync();
        var samples = await sampling;

        output.WriteLine($"{units} units, {buyers} buyers, {atOnce} at once: {_history.Told.Count(t => t.IsOrder)} orders, {_history.Paid.Count} paid, {samples.Count} samples of the stock.");
        output.WriteLine($"{SoldOut(rush)} in the rush. {SoldOut(_history.Told.Skip(rush.Count))} with 8 at once afterwards.");
        Assert.NotEmpty(samples);
        Assert.All(samples, s => Assert.True(s is { Reserved: >= 0 } && s.OnHand >= s.Reserved, $"{s}"));
        Assert.Equal((units, units), (_history.Told.Count(t => t.IsOrder), _history.Paid.Count));
        Assert.All(_history.Told.Where(t => !t.IsOrder && !t.IsOpen), t => Assert.Equal(OrderRefusals.OutOfStock, t.Code));
        Assert.Equal((0, 0), await StockAsync(variant));
        await Checker.AssertAsync(shop, _history);
        if (Size.Given("EXPERIMENT_HOT_P99_MS") is { } bound) Assert.InRange(History.Percentile(Refused(_history.Told), 99), 0, bound);
    }

    /// <summary>Every basket is brought by one of a crowd of buyers, who come again with the next as soon as they are told.</summary>
    private async Task RushAsync(History history, ReadOnlyMemory<string> baskets, int atOnce)
    {
        var buyers = await shop.GatherAsync(atOnce);
        var next = -1;
        await Task.WhenAll(buyers.Select(buyer => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < baskets.Length;) await history.InsistAsync(buyer, baskets.Span[i], Guid.NewGuid().ToString());
        })));
        foreach (var buyer in buyers) buyer.Dispose();
    }

    /// <summary>The same for something else before, sampled too: an answer's time is that of a shop that has been running, and neither it nor its driver is still being compiled.</summary>
    private async Task RehearseAsync(int units, int buyers, int atOnce)
    {
        var variant = await shop.AddGoodsAsync(units);
        var baskets = await shop.FillAsync(buyers, (variant, 1));
        await shop.CalmAsync();
        using var stop = new CancellationTokenSource();
        var sampling = SampleAsync(variant, stop.Token);
        var history = new History();
        await RushAsync(history, baskets, atOnce);
        await stop.CancelAsync();
        await sampling;
        output.WriteLine($"Rehearsed. {SoldOut(history.Told)}");
    }

    /// <summary>How long those waited who were told "sold out".</summary>
    private static List<TimeSpan> Refused(IEnumerable<Told> told) => [.. told.Where(t => t.Code == OrderRefusals.OutOfStock).Select(t => t.Took)];

    private static string SoldOut(IEnumerable<Told> told)
    {
        var times = Refused(told);
        return $"Sold-out answer: p50 {History.Percentile(times, 50):0} ms, p99 {History.Percentile(times, 99):0} ms";
    }

    [Fact]
    public async Task Lines_and_bundles_that_share_a_stock_item_never_exceed_it_together()
    {
        var buyers = Size.Of("EXPERIMENT_SHARED_BUYERS", 60);
        var stock = buyers; // enough for a third or so
        var (print, set) = (await shop.AddGoodsAsync(stock), await shop.AddGoodsAsync(0));
        await using (var db = shop.Open())
            Assert.Null((await db.SetBundleAsync(set, "", [new BundlePart(print, 3)], Actor.System("test"), null, CancellationToken.None)).Refusal);
        var baskets = (await shop.FillAsync(buyers / 3, (set, 1))).Select(b => (Basket: b, Prints: 3))
            .Concat((await shop.FillAsync(buyers / 3, (print, 2), (set, 1))).Select(b => (Basket: b, Prints: 5)))
            .Concat((await shop.FillAsync(buyers / 3, (print, 1))).Select(b => (Basket: b, Prints: 1))).ToArray();
        var seed = Size.Seed();
        output.WriteLine($"seed {seed}");
        new Random(seed).Shuffle(baskets);
        var told = await Task.WhenAll(baskets.Select((b, i) => _history.InsistAsync(shop.Node(i), b.Basket, Guid.NewGuid().ToString())));

        var sold = told.Zip(baskets).Where(t => t.First.IsOrder).Sum(t => t.Second.Prints);
        output.WriteLine($"{buyers} buyers for {stock} prints: {told.Count(t => t.IsOrder)} orders, {sold} prints.");
        Assert.True(History.HasRaced([_history.Told]));
        Assert.InRange(sold, stock - 4, stock);
        Assert.Equal((stock, sold), await StockAsync(print));
        await Checker.AssertAsync(shop, _history);
    }

    [Fact]
    public async Task Two_tabs_and_double_clicks_with_one_cart_are_one_order()
    {
        var carts = Size.Of("EXPERIMENT_CARTS", 20);
        var variant = await shop.AddGoodsAsync(carts * 10);
        var baskets = await shop.FillAsync(carts, (variant, 1));
        await Parallel.ForEachAsync(baskets, new ParallelOptions { MaxDegreeOfParallelism = 5 }, async (basket, _) =>
        {
            string[] tabs = [Guid.NewGuid().ToString(), Guid.NewGuid().ToString()];
            await Task.WhenAll(Enumerable.Range(0, 8).Select(click => _history.PlaceAsync(shop.Node(click / 2), basket, tabs[click % 2])));
        });
        var groups = _history.Told.GroupBy(t => t.BasketId).ToList();
        output.WriteLine($"{carts} carts, 2 tabs and 4 clicks each: {string.Join(", ", _history.Told.GroupBy(t => t.Code ?? "order").Select(g => $"{g.Count()} {g.Key}"))}");
        Assert.True(History.HasRaced(groups));
        Assert.All(groups, g => Assert.Single(g.Where(t => t.IsOrder).Select(t => t.Body).Distinct()));
        Assert.All(_history.Told.Where(t => !t.IsOrder), t => Assert.Contains(t.Code, new[] { OrderRefusals.BasketAlreadyOrdered, OrderRefusals.InFlight }));
        Assert.Equal((carts * 10, carts), await StockAsync(variant));
        await Checker.AssertAsync(shop, _history);
    }

    /// <summary>Pays as a person does: presses again when the shop is busy.</summary>
    private async Task BuyAsync(Purchase purchase)
    {
        Assert.True(await _history.PayAsync(purchase, await purchase.OpenSessionOnceItWorksAsync()));
        await purchase.SendAsync("payment-confirmation"); // busy or not: the webhook comes anyway
    }

    private async Task<List<(int OnHand, int Reserved)>> SampleAsync(Guid variant, CancellationToken stop)
    {
        var samples = new List<(int, int)>();
        await using var db = shop.Open();
        for (; !stop.IsCancellationRequested; await Task.Delay(2, CancellationToken.None)) samples.Add(await StockAsync(db, variant));
        return samples;
    }

    private async Task<(int OnHand, int Reserved)> StockAsync(Guid variant)
    {
        await using var db = shop.Open();
        return await StockAsync(db, variant);
    }

    private static async Task<(int OnHand, int Reserved)> StockAsync(ShopDb db, Guid variant)
    {
        var item = await db.StockItems.AsNoTracking().SingleAsync(s => s.VariantId == variant);
        return (item.OnHand, item.Reserved);
    }
}
