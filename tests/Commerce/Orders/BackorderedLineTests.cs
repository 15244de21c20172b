using Commerce.Baskets;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce.Orders;

/// <summary>A basket's line says that it comes later exactly if its order would, once paid.</summary>
public class BackorderedLineTests(TestShop shop) : IClassFixture<TestShop>
{
    [Fact]
    public async Task What_one_location_owes_is_owed_from_what_lies_in_another()
    {
        var far = await LocationAsync(5);
        var variant = await OwedAsync(far, 3);
        var basket = await shop.FillBasketAsync((variant, 3));
        await HasAsync(variant, Location.MainId, onHand: -4);
        Assert.Equal([true], await OwedLinesAsync(basket));
        await HasAsync(variant, far, onHand: 7);
        Assert.Equal([false], await OwedLinesAsync(basket));
        await HasAsync(variant, far, onHand: 6);
        Assert.Equal([true], await OwedLinesAsync(basket));
        await HasAsync(variant, Location.MainId, onHand: -3);
        Assert.Equal([false], await OwedLinesAsync(basket));
    }

    [Fact]
    public async Task Lines_that_share_stock_are_owed_what_the_lines_before_them_take()
    {
        var far = await LocationAsync(5);
        var (part, closed, bundle) = (await OwedAsync(far, 4), await shop.AddVariantAsync(stock: 9), await shop.AddVariantAsync(stock: 0));
        await HasAsync(part, Location.MainId, onHand: 1);
        await using var db = shop.Open();
        db.AddRange(new BundleComponent { BundleId = bundle, ComponentId = part, Quantity = 2 }, new BundleComponent { BundleId = bundle, ComponentId = closed, Quantity = 1 });
        await db.SaveChangesAsync();
        Assert.Equal([false, false, false], await OwedLinesAsync(await shop.FillBasketAsync((bundle, 2), (part, 1), (closed, 7))));
        Assert.Equal([false, true], await OwedLinesAsync(await shop.FillBasketAsync((bundle, 2), (part, 2))));
        Assert.Equal([false, true, false], await OwedLinesAsync(await shop.FillBasketAsync((part, 2), (bundle, 2), (closed, 7))));
        Assert.Equal([true, true], await OwedLinesAsync(await shop.FillBasketAsync((bundle, 3), (part, 1))));
    }

    [Fact]
    public async Task Random_baskets_say_so_exactly_if_their_orders_wait_for_something()
    {
        var random = new Random(1729);
        Guid[] locations = [Location.MainId, await LocationAsync(5), await LocationAsync(6)];
        var told = new List<bool>();
        for (var round = 0; round < 40; round++)
        {
            Guid[] parts = [await OwedAsync(locations[1], 0), await OwedAsync(locations[1], 0)];
            var bundle = await shop.AddVariantAsync(stock: 0);
            await using var db = shop.Open();
            db.AddRange(parts.Select(part => new BundleComponent { BundleId = bundle, ComponentId = part, Quantity = random.Next(1, 3) }));
            await db.SaveChangesAsync();
            foreach (var part in parts)
                foreach (var location in locations) await HasAsync(part, location, random.Next(-3, 6));
            var basket = await shop.FillBasketAsync([.. parts.Append(bundle).OrderBy(_ => random.Next()).Take(random.Next(1, 4)).Select(v => (v, random.Next(1, 4)))]);
            var isTold = (await OwedLinesAsync(basket)).Contains(true);
            Assert.Equal((round, isTold), (round, (await PaidAsync(basket)).Count > 0));
            told.Add(isTold);
        }
        Assert.Equal([false, true], told.Distinct().Order());
    }

    private async Task<List<bool>> OwedLinesAsync(string basket)
    {
        await using var db = shop.Open();
        var view = (await db.FindBasketAsync(basket, DateTimeOffset.UtcNow, CancellationToken.None)).Value;
        Assert.All(view.Lines, line => Assert.Null(line.Obstacle));
        return [.. view.Lines.Select(line => line.Backorder)];
    }

    /// <summary>What the basket's order waits for, once it is placed and paid.</summary>
    private async Task<IReadOnlyDictionary<int, int>> PaidAsync(string basket)
    {
        Assert.Null((await shop.Desk.PlaceAsync(TestShop.Wish(basket), CancellationToken.None)).Refusal);
        await using var db = shop.Open();
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync();
            var order = await db.Orders.Include(o => o.Lines).SingleAsync(o => o.BasketId == basket);
            order.MarkPaid(DateTimeOffset.UtcNow);
            await db.ConsumeReservationsAsync(order.Id, DateTimeOffset.UtcNow, CancellationToken.None);
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            return await db.FindAwaitedAsync(order, CancellationToken.None);
        });
    }

    private async Task<Guid> LocationAsync(int priority)
    {
        await using var db = shop.Open();
        var location = new Location { Id = Guid.CreateVersion7(), Name = Guid.NewGuid().ToString("N"), Priority = priority };
        db.Add(location);
        await db.SaveChangesAsync();
        return location.Id;
    }

    /// <summary>A variant that takes backorders and lies in one location.</summary>
    private async Task<Guid> OwedAsync(Guid location, int onHand)
    {
        var variant = await shop.AddVariantAsync(stock: 0);
        await using var db = shop.Open();
        await db.Database.ExecuteSqlAsync($"UPDATE variants SET allows_backorder = true WHERE id = {variant}");
        await HasAsync(variant, location, onHand);
        return variant;
    }

    private async Task HasAsync(Guid variant, Guid location, int onHand)
    {
        await using var db = shop.Open();
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO stock_items (id, variant_id, location_id, on_hand, reserved, is_low) VALUES ({Guid.CreateVersion7()}, {variant}, {location}, {onHand}, 0, false)
            ON CONFLICT (variant_id, location_id) DO UPDATE SET on_hand = {onHand}
            """);
    }
}
