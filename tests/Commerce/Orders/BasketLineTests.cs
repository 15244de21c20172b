using Commerce;
using Commerce.Accounts;
using Commerce.Audit;
using Commerce.Baskets;
using Commerce.Catalog;
using Commerce.Orders;
using Commerce.Pricing;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce.Orders;

/// <summary>What stands between a basket's line and its order is said of the line; no line disappears.</summary>
public class BasketLineTests(TestShop shop) : IClassFixture<TestShop>
{
    private static readonly Actor Ann = new(ActorKind.Staff, "1", "ann@shop.test");

    [Fact]
    public async Task A_line_whose_product_is_taken_off_sale_is_shown_and_refused_until_it_is_taken_out_or_sold_again()
    {
        var (kept, gone) = (await shop.AddVariantAsync(stock: 9, priceMinor: 2500), await shop.AddVariantAsync(stock: 9, priceMinor: 1000));
        var basket = await shop.FillBasketAsync((kept, 1), (gone, 2));
        await PublishAsync(gone, null);
        var view = await ViewAsync(basket);
        Assert.Equal([(kept, null), (gone, "not-on-sale")], view.Lines.Select(l => (l.VariantId, l.Obstacle)));
        Assert.Equal((true, false, 0), (view.Lines[0].Available, view.Lines[1].Available, view.Lines[1].MaxQuantity));
        Assert.Equal((2500, 3), (view.Subtotal.AmountMinor, view.ItemCount));
        await AssertRefusedAsync(basket, gone, "not-on-sale");

        await PublishAsync(gone, DateTimeOffset.UtcNow.AddMinutes(-1));
        Assert.Null((await ViewAsync(basket)).Lines[1].Obstacle);
        await PublishAsync(gone, DateTimeOffset.UtcNow.AddDays(1));
        await using (var db = shop.Open()) Assert.Null((await db.SetQuantityAsync(basket, gone, 0, DateTimeOffset.UtcNow, CancellationToken.None)).Refusal);
        Assert.Null((await shop.Desk.PlaceAsync(TestShop.Wish(basket), CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task Baskets_of_two_currencies_become_one_in_the_accounts_and_what_has_no_price_in_it_is_shown()
    {
        await using var db = shop.Open();
        Assert.Null((await db.ReplaceCurrenciesAsync(await db.FindSettingsVersionAsync(CancellationToken.None), ["EUR", "USD"], Ann, "test", CancellationToken.None)).Refusal);
        var (both, dollars) = (await shop.AddVariantAsync(stock: 9), await shop.AddVariantAsync(stock: 9));
        db.AddRange(new Price { VariantId = both, Currency = "USD", AmountMinor = 3100 }, new Price { VariantId = dollars, Currency = "USD", AmountMinor = 1200 });
        await db.SaveChangesAsync();
        await db.Database.ExecuteSqlAsync($"DELETE FROM prices WHERE variant_id = {dollars} AND currency = 'EUR'");
        var (filled, empty) = (await AccountAsync(), await AccountAsync());
        var shopper = new Shopper(filled);
        var own = await OpenAsync(filled);
        Assert.Null((await db.SetQuantityAsync(own, both, 1, DateTimeOffset.UtcNow, CancellationToken.None, shopper)).Refusal);

        Assert.Equal(own, await db.MergeBasketAsync(filled, await GuestAsync(), DateTimeOffset.UtcNow, CancellationToken.None));
        var view = (await db.FindBasketAsync(own, DateTimeOffset.UtcNow, CancellationToken.None, shopper)).Value;
        Assert.Equal(("EUR", 5000L), (view.Currency, view.Subtotal.AmountMinor));
        Assert.Equal([(both, 2, null), (dollars, 4, "no-price-in-currency")], view.Lines.OrderBy(l => l.Quantity).Select(l => (l.VariantId, l.Quantity, l.Obstacle)));
        Assert.Null(view.Lines.Single(l => l.VariantId == dollars).UnitPrice);
        await AssertRefusedAsync(own, dollars, "no-price-in-currency", shopper);

        var untouched = await OpenAsync(empty);
        await db.MergeBasketAsync(empty, await GuestAsync(), DateTimeOffset.UtcNow, CancellationToken.None);
        var taken = (await db.FindBasketAsync(untouched, DateTimeOffset.UtcNow, CancellationToken.None, new Shopper(empty))).Value;
        Assert.Equal(("USD", 7900L), (taken.Currency, taken.Subtotal.AmountMinor));

        async Task<string> GuestAsync()
        {
            var guest = (await db.OpenBasketAsync(DateTimeOffset.UtcNow, CancellationToken.None, "USD")).Value.Id;
            foreach (var (variant, quantity) in ((Guid, int)[])[(both, 1), (dollars, 4)])
                Assert.Null((await db.SetQuantityAsync(guest, variant, quantity, DateTimeOffset.UtcNow, CancellationToken.None)).Refusal);
            return guest;
        }

        async Task<string> OpenAsync(Guid customer) => (await db.OpenBasketAsync(DateTimeOffset.UtcNow, CancellationToken.None, customerId: customer)).Value.Id;
    }

    [Fact]
    public async Task Bundles_and_their_components_are_judged_by_the_stock_they_share()
    {
        var (part, other, bundle) = (await shop.AddVariantAsync(stock: 7), await shop.AddVariantAsync(stock: 50), await shop.AddVariantAsync(stock: 0));
        await using var db = shop.Open();
        db.AddRange(new BundleComponent { BundleId = bundle, ComponentId = part, Quantity = 2 }, new BundleComponent { BundleId = bundle, ComponentId = other, Quantity = 1 });
        await db.SaveChangesAsync();
        var basket = await shop.FillBasketAsync((bundle, 3));
        var refused = (await db.SetQuantityAsync(basket, part, 2, DateTimeOffset.UtcNow, CancellationToken.None)).Refusal;
        Assert.Equal((BasketRefusals.QuantityUnavailable, 1), (refused?.Code, refused?.Facts?["maxQuantity"]));
        var view = (await db.SetQuantityAsync(basket, part, 1, DateTimeOffset.UtcNow, CancellationToken.None)).Value;
        Assert.All(view.Lines, l => Assert.True(l.Available));
        Assert.Equal([3, 1], view.Lines.Select(l => l.MaxQuantity));

        // Sold to somebody else meanwhile: the line that was put in later falls short, and less of either is always taken.
        await db.Database.ExecuteSqlAsync($"UPDATE stock_items SET reserved = 1 WHERE variant_id = {part}");
        view = await ViewAsync(basket);
        Assert.Equal([(true, null, 3), (false, "out-of-stock", 0)], view.Lines.Select(l => (l.Available, l.Obstacle, l.MaxQuantity)));
        Assert.Equal(OrderRefusals.OutOfStock, (await shop.Desk.PlaceAsync(TestShop.Wish(basket), CancellationToken.None)).Refusal?.Code);
        view = (await db.SetQuantityAsync(basket, bundle, 2, DateTimeOffset.UtcNow, CancellationToken.None)).Value;
        Assert.Equal([(true, 3), (true, 2)], view.Lines.Select(l => (l.Available, l.MaxQuantity)));
        Assert.Null((await shop.Desk.PlaceAsync(TestShop.Wish(basket), CancellationToken.None)).Refusal);
    }

    private async Task AssertRefusedAsync(string basket, Guid variant, string obstacle, Shopper shopper = default)
    {
        var refusal = (await shop.Desk.PlaceAsync(TestShop.Wish(basket) with { Shopper = shopper }, CancellationToken.None)).Refusal;
        Assert.Equal(OrderRefusals.LineNotForSale, refusal?.Code);
        var line = Assert.Single((IEnumerable<UnsoldLine>)refusal!.Facts!["lines"]!);
        Assert.Equal((variant, obstacle), (line.VariantId, line.Obstacle));
    }

    private async Task<BasketView> ViewAsync(string basket)
    {
        await using var db = shop.Open();
        return (await db.FindBasketAsync(basket, DateTimeOffset.UtcNow, CancellationToken.None)).Value;
    }

    private async Task PublishAsync(Guid variant, DateTimeOffset? from)
    {
        await using var db = shop.Open();
        await db.Database.ExecuteSqlAsync($"UPDATE products SET published_at = {from} WHERE id = (SELECT product_id FROM variants WHERE id = {variant})");
    }

    private async Task<Guid> AccountAsync()
    {
        await using var db = shop.Open();
        var account = new Account { Email = $"{Guid.NewGuid():N}@example.com", Role = AccountRole.Shopper };
        db.Add(account).Property(a => a.NormalizedEmail).CurrentValue = account.Email.ToUpperInvariant();
        await db.SaveChangesAsync();
        return account.Id;
    }
}
