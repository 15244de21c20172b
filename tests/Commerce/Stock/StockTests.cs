using Commerce;
using Commerce.Audit;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce.Stock;

public class StockTests(TestShop shop) : IClassFixture<TestShop>
{
    private static readonly Actor Ann = new(ActorKind.Staff, "1", "ann@shop.test");

    [Fact]
    public async Task A_bundle_takes_its_components_and_adds_up_with_them_in_one_order()
    {
        var print = await shop.AddVariantAsync(stock: 6);
        var set = await BundleAsync((print, 2));
        await using var db = shop.Open();
        Assert.Equal(3, await OrderableAsync(set));
        var basket = await shop.FillBasketAsync((set, 2), (print, 2));
        Assert.Null((await PlaceAsync((print, 1))).Refusal);
        // Two sets are four prints: with two more single ones they are one too many by now, though each line alone could be had.
        var refusal = (await shop.Desk.PlaceAsync(TestShop.Wish(basket), CancellationToken.None)).Refusal!;
        Assert.Equal(OrderRefusals.OutOfStock, refusal.Code);
        Assert.Equal(1, (await db.StockItems.SingleAsync(s => s.VariantId == print)).Reserved);
        Assert.Null((await PlaceAsync((set, 2), (print, 1))).Refusal);
        Assert.Equal(6, (await db.StockItems.AsNoTracking().SingleAsync(s => s.VariantId == print)).Reserved);
        Assert.Equal(0, await OrderableAsync(set));
        Assert.Empty(await StockInvariants.CheckAsync(db, CancellationToken.None));
    }

    [Fact]
    public async Task A_bundle_and_its_component_raced_for_by_40_buyers_never_exceed_their_shared_stock()
    {
        var print = await shop.AddVariantAsync(stock: 30);
        var set = await BundleAsync((print, 3));
        OrderDesk[] desks = [shop.Desk, shop.AnotherDesk()];
        var baskets = new List<(string Id, int Prints)>();
        for (var i = 0; i < 40; i++) baskets.Add(i % 2 == 0 ? (await shop.FillBasketAsync((set, 1)), 3) : (await shop.FillBasketAsync((print, 2), (set, 1)), 5));
        var answers = await Task.WhenAll(baskets.Select((b, i) => desks[i % 2].PlaceAsync(TestShop.Wish(b.Id), CancellationToken.None)));

        await using var db = shop.Open();
        var sold = answers.Zip(baskets).Where(a => a.First.Refusal is null).Sum(a => a.Second.Prints);
        Assert.InRange(sold, 26, 30);
        Assert.Equal(sold, (await db.StockItems.SingleAsync(s => s.VariantId == print)).Reserved);
        Assert.Empty(await StockInvariants.CheckAsync(db, CancellationToken.None));
    }

    [Fact]
    public async Task A_backorder_goes_below_zero_only_where_it_is_allowed()
    {
        var (open, closed) = (await shop.AddVariantAsync(stock: 1), await shop.AddVariantAsync(stock: 1));
        await using var db = shop.Open();
        await db.Variants.Where(v => v.Id == open).ExecuteUpdateAsync(v => v.SetProperty(x => x.AllowsBackorder, true));
        Assert.Null((await PlaceAsync((open, 3))).Refusal);
        var item = await db.StockItems.SingleAsync(s => s.VariantId == open);
        Assert.Equal((1, 3), (item.OnHand, item.Reserved));
        var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => db.StockItems.Where(s => s.VariantId == closed).ExecuteUpdateAsync(s => s.SetProperty(x => x.Reserved, 2)));
        Assert.Equal("ck_stock_items_reserved", error.ConstraintName);
        Assert.Empty(await StockInvariants.CheckAsync(db, CancellationToken.None));
    }

    [Fact]
    public async Task A_crossing_is_reported_once_and_again_only_after_the_stock_has_really_risen()
    {
        var variant = await shop.AddVariantAsync(stock: 20);
        async Task AdjustAsync(int delta)
        {
            await using var db = shop.Open();
            Assert.Null((await db.AdjustStockAsync(variant, Location.MainId, delta, new StockInstruction(Ann, "test"), DateTimeOffset.UtcNow, CancellationToken.None)).Refusal);
        }

        await AdjustAsync(-15); // 5: low
        await AdjustAsync(-1);
        await AdjustAsync(3); // 7: within the margin
        await AdjustAsync(-2);
        Assert.Equal((1, 0), (await JobsAsync(JobKinds.AlertLowStock, variant), await JobsAsync(JobKinds.AnnounceBackInStock, variant)));
        await AdjustAsync(3); // 8: armed again
        await AdjustAsync(-8); // 0
        await AdjustAsync(1);
        await AdjustAsync(1);
        Assert.Equal((2, 1), (await JobsAsync(JobKinds.AlertLowStock, variant), await JobsAsync(JobKinds.AnnounceBackInStock, variant)));
    }

    [Fact]
    public async Task What_is_sold_from_ten_is_back_at_ten_and_not_before()
    {
        var variant = await shop.AddVariantAsync(stock: 0);
        await using var db = shop.Open();
        await db.Variants.Where(v => v.Id == variant).ExecuteUpdateAsync(v => v.SetProperty(x => x.MinQuantity, 10));
        foreach (var (delta, news) in new[] { (8, 0), (4, 1), (-4, 1), (2, 2), (5, 2) })
        {
            Assert.Null((await db.AdjustStockAsync(variant, Location.MainId, delta, new StockInstruction(Ann, "test"), DateTimeOffset.UtcNow, CancellationToken.None)).Refusal);
            Assert.Equal(news, await JobsAsync(JobKinds.AnnounceBackInStock, variant));
        }
    }

    [Fact]
    public async Task What_is_counted_again_as_empty_is_judged_low_and_what_is_archived_is_not_in_the_list_of_it()
    {
        var variant = await shop.AddVariantAsync(stock: 0);
        await using var db = shop.Open();
        var level = (await db.CountStockAsync(variant, Location.MainId, 0, new StockInstruction(Ann, "test"), DateTimeOffset.UtcNow, CancellationToken.None)).Value;
        Assert.True(level.IsLow);
        Assert.Equal(1, await JobsAsync(JobKinds.AlertLowStock, variant));
        async Task<int> LowAsync() => (await db.ListStockAsync(new StockReads.Filter(variant, OnlyLow: true), 10, null, CancellationToken.None)).Value.Items.Count;
        Assert.Equal(1, await LowAsync());
        await db.Products.Where(p => p.Variants.Any(v => v.Id == variant)).ExecuteUpdateAsync(p => p.SetProperty(x => x.ArchivedAt, DateTimeOffset.UtcNow).SetProperty(x => x.PublishedAt, (DateTimeOffset?)null));
        Assert.Equal(0, await LowAsync());
    }

    [Fact]
    public async Task Orders_take_from_the_nearest_location_first_and_a_transfer_moves_only_what_is_free()
    {
        var variant = await shop.AddVariantAsync(stock: 4);
        await using var db = shop.Open();
        var far = (await db.AddLocationAsync($"Far {Guid.NewGuid():N}", 5, Ann, null, CancellationToken.None)).Value.Id;
        var now = DateTimeOffset.UtcNow;
        await db.AdjustStockAsync(variant, far, 3, new StockInstruction(Ann, "delivery"), now, CancellationToken.None);
        Assert.Null((await PlaceAsync((variant, 5))).Refusal);
        Assert.Equal([(4, 4), (3, 1)], (await db.StockItems.AsNoTracking().Where(s => s.VariantId == variant).ToListAsync()).OrderBy(s => s.LocationId == far).Select(s => (s.OnHand, s.Reserved)));
        Assert.Equal(StockRefusals.UnitsPromised, (await db.TransferStockAsync(variant, far, Location.MainId, 3, new StockInstruction(Ann), now, CancellationToken.None)).Refusal!.Code);
        Assert.Equal(6, (await db.TransferStockAsync(variant, far, Location.MainId, 2, new StockInstruction(Ann), now, CancellationToken.None)).Value.OnHand);
        Assert.Equal(StockRefusals.LocationInUse, (await db.RemoveLocationAsync(far, Ann, null, CancellationToken.None)).Refusal!.Code);
        Assert.Empty(await StockInvariants.CheckAsync(db, CancellationToken.None));
    }

    [Fact]
    public async Task The_checker_names_an_item_whose_figures_are_not_its_ledgers()
    {
        await using var shopOfItsOwn = shop.Open();
        var variant = await shop.AddVariantAsync(stock: 3);
        await using var transaction = await shopOfItsOwn.Database.BeginTransactionAsync();
        await shopOfItsOwn.StockItems.Where(s => s.VariantId == variant).ExecuteUpdateAsync(s => s.SetProperty(x => x.OnHand, 4));
        var broken = Assert.Single(await StockInvariants.CheckAsync(shopOfItsOwn, CancellationToken.None));
        Assert.Equal((4, 3L), (broken.OnHand, broken.LedgerOnHand));
    }

    private async Task<Guid> BundleAsync(params (Guid VariantId, int Quantity)[] parts)
    {
        var bundle = await shop.AddVariantAsync(stock: 0);
        await using var db = shop.Open();
        Assert.Null((await db.SetBundleAsync(bundle, "", [.. parts.Select(p => new BundlePart(p.VariantId, p.Quantity))], Ann, null, CancellationToken.None)).Refusal);
        Assert.Equal(StockRefusals.BundleNested, (await db.SetBundleAsync(parts[0].VariantId, "", [new BundlePart(bundle, 1)], Ann, null, CancellationToken.None)).Refusal!.Code);
        return bundle;
    }

    private async Task<PlacingAnswer> PlaceAsync(params (Guid VariantId, int Quantity)[] lines) =>
        await shop.Desk.PlaceAsync(TestShop.Wish(await shop.FillBasketAsync(lines)), CancellationToken.None);

    private async Task<int> OrderableAsync(Guid variant)
    {
        await using var db = shop.Open();
        return await db.Set<Availability>().Where(a => a.VariantId == variant).Select(a => a.Orderable).SingleAsync();
    }

    private async Task<int> JobsAsync(string kind, Guid variant)
    {
        await using var db = shop.Open();
        return (await db.Set<OutboxRow>().Where(r => r.Kind == kind).Select(r => r.Arguments).ToListAsync()).Count(a => a.Contains(variant.ToString(), StringComparison.Ordinal));
    }
}
