using Commerce;
using Commerce.Audit;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce.Stock;

/// <summary>Units of a paid order that go back on the shelf they came from.</summary>
public class ReturnTests(TestShop shop) : IClassFixture<TestShop>
{
    private static readonly Actor Ann = new(ActorKind.Staff, "1", "ann@shop.test");

    [Fact]
    public async Task All_units_go_back_and_the_ledger_says_why()
    {
        var variant = await shop.AddVariantAsync(stock: 5);
        var order = await SellAsync((variant, 3));
        Assert.Equal([2], await OnHandAsync(variant));
        await ReturnAsync(order, (variant, 3));
        Assert.Equal([5], await OnHandAsync(variant));
        await using var db = shop.Open();
        var line = await db.StockMovements.SingleAsync(m => m.OrderId == order && m.Kind == MovementKind.Returned);
        Assert.Equal((3, 0, "came back"), (line.OnHandChange, line.ReservedChange, line.Reason));
    }

    [Fact]
    public async Task Parts_go_back_one_after_the_other_to_the_locations_they_were_taken_from_and_never_more_than_were_taken()
    {
        var variant = await shop.AddVariantAsync(stock: 2);
        await using var db = shop.Open();
        var far = (await db.AddLocationAsync($"Far {Guid.NewGuid():N}", 5, Ann, null, CancellationToken.None)).Value.Id;
        await db.AdjustStockAsync(variant, far, 3, new StockInstruction(Ann, "delivery"), DateTimeOffset.UtcNow, CancellationToken.None);
        var order = await SellAsync((variant, 4)); // 2 from the main warehouse, 2 from afar
        Assert.Equal([0, 1], await OnHandAsync(variant));
        await ReturnAsync(order, (variant, 1));
        await ReturnAsync(order, (variant, 2));
        await RefusedAsync(order, (variant, 2));
        await ReturnAsync(order, (variant, 1));
        Assert.Equal([2, 3], await OnHandAsync(variant));
        await RefusedAsync(order, (variant, 1));
    }

    [Fact]
    public async Task Units_of_a_bundle_go_back_as_its_components()
    {
        var (print, frame, set) = (await shop.AddVariantAsync(stock: 10), await shop.AddVariantAsync(stock: 10), await shop.AddVariantAsync(stock: 0));
        await using var db = shop.Open();
        Assert.Null((await db.SetBundleAsync(set, "", [new BundlePart(print, 2), new BundlePart(frame, 1)], Ann, null, CancellationToken.None)).Refusal);
        var order = await SellAsync((set, 3), (print, 1));
        Assert.Equal([(3, 7)], (await OnHandAsync(print)).Zip(await OnHandAsync(frame)));
        await ReturnAsync(order, (set, 1));
        Assert.Equal([(5, 8)], (await OnHandAsync(print)).Zip(await OnHandAsync(frame)));
        await ReturnAsync(order, (set, 2), (print, 1));
        Assert.Equal([(10, 10)], (await OnHandAsync(print)).Zip(await OnHandAsync(frame)));
        await RefusedAsync(order, (set, 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_bundle_was_made_of_when_it_was_sold_comes_back_whatever_it_is_made_of_now(bool isStillBundle)
    {
        var (print, frame, set) = (await shop.AddVariantAsync(stock: 10), await shop.AddVariantAsync(stock: 10), await shop.AddVariantAsync(stock: 0));
        await using var db = shop.Open();
        await ComposeAsync(new BundlePart(print, 2));
        var order = await SellAsync((set, 2));
        await ComposeAsync(isStillBundle ? [new BundlePart(frame, 3)] : []);
        await ReturnAsync(order, (set, 2));
        Assert.Equal([(10, 10)], (await OnHandAsync(print)).Zip(await OnHandAsync(frame)));
        await RefusedAsync(order, (set, 1));

        async Task ComposeAsync(params BundlePart[] parts)
        {
            var seen = (await db.FindBundleAsync(set, CancellationToken.None)).Value.Version;
            Assert.Null((await db.SetBundleAsync(set, seen, parts, Ann, null, CancellationToken.None)).Refusal);
        }
    }

    [Fact]
    public async Task More_units_than_the_order_took_are_a_mistake_and_nothing_of_the_whole_return_is_kept()
    {
        var (print, mug, other) = (await shop.AddVariantAsync(stock: 5), await shop.AddVariantAsync(stock: 5), await shop.AddVariantAsync(stock: 5));
        var order = await SellAsync((print, 2), (mug, 2));
        await RefusedAsync(order, (print, 2), (mug, 3));
        await RefusedAsync(order, (print, 1), (print, 2));
        await RefusedAsync(order, (other, 1));
        await RefusedAsync(Guid.CreateVersion7(), (print, 1));
        foreach (var (variant, left) in ((Guid, int)[])[(print, 3), (mug, 3), (other, 5)]) Assert.Equal([left], await OnHandAsync(variant));
    }

    [Fact]
    public async Task Two_who_return_the_same_units_at_once_return_them_once()
    {
        var variant = await shop.AddVariantAsync(stock: 5);
        var order = await SellAsync((variant, 2));
        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            try
            {
                await ReturnAsync(order, (variant, 2));
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }));
        Assert.Single(tries, t => t);
        Assert.Equal([5], await OnHandAsync(variant));
    }

    private async Task<Guid> SellAsync(params (Guid VariantId, int Quantity)[] lines)
    {
        var basket = await shop.FillBasketAsync(lines);
        Assert.Null((await shop.Desk.PlaceAsync(TestShop.Wish(basket), CancellationToken.None)).Refusal);
        await using var db = shop.Open();
        var order = await db.Orders.Where(o => o.BasketId == basket).Select(o => o.Id).SingleAsync();
        await InTransactionAsync(sale => sale.ConsumeReservationsAsync(order, DateTimeOffset.UtcNow, CancellationToken.None));
        return order;
    }

    private Task ReturnAsync(Guid order, params (Guid VariantId, int Quantity)[] units) =>
        InTransactionAsync(db => db.ReturnUnitsAsync(order, units, wereSent: true, "came back", DateTimeOffset.UtcNow, CancellationToken.None));

    private async Task RefusedAsync(Guid order, params (Guid VariantId, int Quantity)[] units)
    {
        await using var db = shop.Open();
        var before = await db.StockMovements.CountAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReturnAsync(order, units));
        Assert.Equal(before, await db.StockMovements.CountAsync());
        Assert.Empty(await StockInvariants.CheckAsync(db, CancellationToken.None));
    }

    private async Task InTransactionAsync(Func<ShopDb, Task> act)
    {
        await using var db = shop.Open();
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync();
            await act(db);
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        });
    }

    /// <summary>Per location, the nearest first.</summary>
    private async Task<List<int>> OnHandAsync(Guid variant)
    {
        await using var db = shop.Open();
        return await db.StockItems.Where(s => s.VariantId == variant).OrderBy(s => db.Locations.Single(l => l.Id == s.LocationId).Priority).Select(s => s.OnHand).ToListAsync();
    }
}
