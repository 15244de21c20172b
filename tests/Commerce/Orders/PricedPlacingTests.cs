using Commerce;
using Commerce.Audit;
using Commerce.Baskets;
using Commerce.Catalog;
using Commerce.Orders;
using Commerce.Pricing;
using Commerce.Shipping;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce.Orders;

/// <summary>What an order comes to: tax inside prices or on top, rounding, currencies, rates by weight and value. Each is what was quoted.</summary>
public class PricedPlacingTests(TestShop shop) : IClassFixture<TestShop>
{
    private static readonly Actor Ann = new(ActorKind.Staff, "1", "ann@shop.test");

    [Fact]
    public async Task Where_prices_do_not_contain_tax_it_is_added_to_goods_and_delivery_and_an_export_has_none() => await WithTaxOnTopAsync(async () =>
    {
        var (print, mug) = (await shop.AddVariantAsync(stock: 9, priceMinor: 2500), await shop.AddVariantAsync(stock: 9, priceMinor: 1999));
        var order = await PlaceAsync(await shop.FillBasketAsync((print, 2), (mug, 1)));
        Assert.Equal((6999, 490, 1423, 8912), (order.SubtotalMinor, order.ShippingMinor, order.TaxIncludedMinor, order.TotalMinor));
        Assert.False(order.PricesIncludeTax);
        Assert.Equal([(5000, 950), (1999, 380)], order.Lines.OrderBy(l => l.Position).Select(l => (l.NetMinor, l.TaxMinor)));
        AssertAddsUp(order);

        var export = await PlaceAsync(await shop.FillBasketAsync((print, 2)), country: "CH");
        Assert.Equal((5000, 1990, 0, 6990), (export.SubtotalMinor, export.ShippingMinor, export.TaxIncludedMinor, export.TotalMinor));
        Assert.All(export.Lines, l => Assert.Equal((0m, 0L), (l.VatPercent, l.TaxMinor)));
    });

    /// <summary>Rounded line by line the tax would be 3 x 0.53 + 0.78 = 2.37; once for the order it is 2.38, and the lines still add up.</summary>
    [Fact]
    public async Task Tax_is_rounded_once_for_the_order_and_the_lines_share_what_that_is()
    {
        var variants = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => shop.AddVariantAsync(stock: 9, priceMinor: 333)));
        var order = await PlaceAsync(await shop.FillBasketAsync([.. variants.Select(v => (v, 1))]));
        Assert.Equal((999, 490, 238, 1489), (order.SubtotalMinor, order.ShippingMinor, order.TaxIncludedMinor, order.TotalMinor));
        Assert.Equal([53, 53, 53, 79], order.Lines.Select(l => l.TaxMinor).Append(order.ShippingTaxMinor).Order());
        AssertAddsUp(order);
    }

    [Fact]
    public async Task Half_a_cent_of_tax_is_a_whole_one() => await WithTaxOnTopAsync(async () =>
    {
        var order = await PlaceAsync(await shop.FillBasketAsync((await shop.AddVariantAsync(stock: 9, priceMinor: 60), 1)));
        Assert.Equal(105, order.TaxIncludedMinor); // 19 % of 0.60 + 4.90 is 1.045
        AssertAddsUp(order);
    });

    [Fact]
    public async Task A_basket_in_dollars_is_ordered_in_dollars_and_in_no_other_currency()
    {
        var (sold, unpriced) = (await shop.AddVariantAsync(stock: 9), await shop.AddVariantAsync(stock: 9));
        await OfferDollarsAsync(sold, priceMinor: 3100);
        await using var db = shop.Open();
        var basket = (await db.OpenBasketAsync(DateTimeOffset.UtcNow, CancellationToken.None, "USD")).Value.Id;
        var refused = await db.SetQuantityAsync(basket, unpriced, 1, DateTimeOffset.UtcNow, CancellationToken.None);
        Assert.Equal(BasketRefusals.NoPrice, refused.Refusal?.Code);
        var view = (await db.SetQuantityAsync(basket, sold, 2, DateTimeOffset.UtcNow, CancellationToken.None)).Value;
        Assert.Equal(new Money(6200, "USD"), view.Subtotal);

        await AssertRefusedAsync(TestShop.Wish(basket, expected: Money.Of(6690)), OrderRefusals.CurrencyMismatch);
        await AssertRefusedAsync(TestShop.Wish(basket, expected: new Money(6201, "USD")), OrderRefusals.TotalChanged);
        await AssertRefusedAsync(TestShop.Wish(basket, country: "FR"), OrderRefusals.ShippingUnavailable); // no rate in dollars there
        Assert.Empty((await db.QuoteOrderAsync(basket, "FR", DateTimeOffset.UtcNow, CancellationToken.None)).Value.Items);

        var order = await PlaceAsync(basket, expected: new Money(6790, "USD"));
        Assert.Equal(("USD", 6200, 590, 6790), (order.Currency, order.SubtotalMinor, order.ShippingMinor, order.TotalMinor));
        Assert.Equal(("USD", 6790), (order.Payment!.Currency, order.Payment.AmountMinor));
        AssertAddsUp(order);
    }

    /// <summary>A batch reads every variant once per currency, whosever basket it is in.</summary>
    [Fact]
    public async Task Orders_that_come_at_once_have_their_own_lines_in_the_order_they_were_put_in()
    {
        var variants = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => shop.AddVariantAsync(stock: 500, priceMinor: 1000 * i)));
        foreach (var (variant, i) in variants.Select((v, i) => (v, i + 1))) await OfferDollarsAsync(variant, priceMinor: 1100 * i);
        var wishes = new List<(string Basket, string Currency, (Guid Variant, int Quantity)[] Lines)>();
        await using var db = shop.Open();
        for (var i = 0; i < 24; i++)
        {
            var lines = variants.Skip(i % 3).Concat(variants.Take(i % 3)).Take(1 + (i % 2) + (i % 3 / 2)).Select((v, at) => (v, 1 + ((i + at) % 4))).ToArray();
            var currency = i % 4 == 0 ? "USD" : "EUR";
            var basket = (await db.OpenBasketAsync(DateTimeOffset.UtcNow, CancellationToken.None, currency)).Value.Id;
            foreach (var (variant, quantity) in lines) Assert.Null((await db.SetQuantityAsync(basket, variant, quantity, DateTimeOffset.UtcNow, CancellationToken.None)).Refusal);
            wishes.Add((basket, currency, lines));
        }
        var desk = shop.AnotherDesk();
        var answers = await Task.WhenAll(wishes.Select(w => desk.PlaceAsync(TestShop.Wish(w.Basket), CancellationToken.None)));

        Assert.All(answers, a => Assert.Null(a.Refusal));
        foreach (var (basket, currency, lines) in wishes)
        {
            var order = await db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.BasketId == basket);
            Assert.Equal(currency, order.Currency);
            Assert.Equal(lines.Select(l => (l.Variant, l.Quantity, (long)(currency == "USD" ? 1100 : 1000) * (1 + Array.IndexOf(variants, l.Variant)))),
                order.Lines.OrderBy(l => l.Position).Select(l => (l.VariantId, l.Quantity, l.UnitPriceMinor)));
        }
    }

    [Theory]
    [InlineData(5_000, 2, null, "standard", 490)]
    [InlineData(5_001, 2, null, "standard", 990)]
    [InlineData(15_750, 2, null, "standard", 990)]
    [InlineData(15_751, 2, null, "freight", 7900)] // too heavy for any parcel
    [InlineData(5_000, 2, "express", "express", 1290)]
    [InlineData(5_000, 3, null, "standard", 0)] // 75.00: free from there
    [InlineData(15_000, 3, null, "freight", 7900)] // worth enough, but heavy
    public async Task The_method_and_its_price_are_those_of_the_band_of_weight_and_value(int grams, int quantity, string? wanted, string method, long price)
    {
        var variant = await shop.AddVariantAsync(stock: 9, priceMinor: 2500);
        await using var db = shop.Open();
        await db.Variants.Where(v => v.Id == variant).ExecuteUpdateAsync(v => v.SetProperty(x => x.WeightGrams, grams));
        var order = await PlaceAsync(await shop.FillBasketAsync((variant, quantity)), shippingCode: wanted);
        Assert.Equal((method, price), (order.ShippingCode, order.ShippingMinor));
    }

    [Theory]
    [InlineData("teleport", 100)]
    [InlineData("express", 31_501)]
    [InlineData("freight", 31_500)]
    [InlineData("Standard", 100)]
    public async Task A_method_that_is_not_there_for_such_a_parcel_is_refused_and_nothing_is_placed(string wanted, int grams)
    {
        var variant = await shop.AddVariantAsync(stock: 9);
        await using var db = shop.Open();
        await db.Variants.Where(v => v.Id == variant).ExecuteUpdateAsync(v => v.SetProperty(x => x.WeightGrams, grams));
        await AssertRefusedAsync(TestShop.Wish(await shop.FillBasketAsync((variant, 1))) with { ShippingCode = wanted }, OrderRefusals.ShippingUnavailable);
    }

    [Fact]
    public async Task A_quantity_rule_made_after_the_basket_was_filled_holds_when_it_is_ordered()
    {
        var variant = await shop.AddVariantAsync(stock: 9);
        var basket = await shop.FillBasketAsync((variant, 3));
        await using var db = shop.Open();
        await db.Variants.Where(v => v.Id == variant).ExecuteUpdateAsync(v => v.SetProperty(x => x.MinQuantity, 2).SetProperty(x => x.QuantityStep, 2));
        await AssertRefusedAsync(TestShop.Wish(basket), OrderRefusals.QuantityNotAllowed);
        Assert.Equal(BasketRefusals.QuantityNotAllowed, (await db.SetQuantityAsync(basket, variant, 1, DateTimeOffset.UtcNow, CancellationToken.None)).Refusal?.Code);
        Assert.Null((await db.SetQuantityAsync(basket, variant, 4, DateTimeOffset.UtcNow, CancellationToken.None)).Refusal);
        Assert.Equal(4, (await PlaceAsync(basket)).Lines.Single().Quantity);
    }

    /// <summary>Places what was quoted: the total shown is the total charged.</summary>
    private async Task<Order> PlaceAsync(string basket, string country = "DE", Money? expected = null, string? shippingCode = null)
    {
        await using var db = shop.Open();
        var quote = (await db.QuoteOrderAsync(basket, country, DateTimeOffset.UtcNow, CancellationToken.None)).Value;
        var shown = quote.Items.First(i => shippingCode is null || i.Code == shippingCode).Total;
        if (expected is not null) Assert.Equal(expected, shown);
        var answer = await shop.Desk.PlaceAsync(TestShop.Wish(basket, expected: shown, country: country) with { ShippingCode = shippingCode }, CancellationToken.None);
        Assert.Null(answer.Refusal);
        return await db.Orders.Include(o => o.Lines).Include(o => o.Payment).SingleAsync(o => o.BasketId == basket);
    }

    private async Task AssertRefusedAsync(PlaceOrder wish, string code)
    {
        Assert.Equal(code, (await shop.Desk.PlaceAsync(wish, CancellationToken.None)).Refusal?.Code);
        await using var db = shop.Open();
        Assert.False(await db.Orders.AnyAsync(o => o.BasketId == wish.BasketId));
    }

    private static void AssertAddsUp(Order order)
    {
        Assert.Equal(order.TotalMinor, order.Lines.Sum(l => l.GrossMinor) + order.ShippingMinor + (order.PricesIncludeTax ? 0 : order.ShippingTaxMinor));
        Assert.Equal(order.TaxIncludedMinor, order.Lines.Sum(l => l.TaxMinor) + order.ShippingTaxMinor);
        Assert.All(order.Lines, l => Assert.Equal(l.GrossMinor, l.NetMinor + l.TaxMinor));
    }

    private async Task WithTaxOnTopAsync(Func<Task> act)
    {
        await SetAsync(includesTax: false);
        try
        {
            await act();
        }
        finally
        {
            await SetAsync(includesTax: true);
        }

        async Task SetAsync(bool includesTax)
        {
            await using var db = shop.Open();
            var policy = await db.FindPolicyAsync(CancellationToken.None);
            Assert.Null((await db.SetPolicyAsync(policy.Version, includesTax, policy.LowStockThreshold, policy.LowStockMargin, Ann, "test", CancellationToken.None)).Refusal);
        }
    }

    private async Task OfferDollarsAsync(Guid variantId, long priceMinor)
    {
        await using var db = shop.Open();
        Assert.Null((await db.ReplaceCurrenciesAsync(await db.FindSettingsVersionAsync(CancellationToken.None), ["EUR", "USD"], Ann, "test", CancellationToken.None)).Refusal);
        db.Add(new Price { VariantId = variantId, Currency = "USD", AmountMinor = priceMinor });
        if (!await db.ShippingRates.AnyAsync(r => r.Zone == "domestic" && r.Currency == "USD"))
            db.Add(new ShippingRate { Zone = "domestic", Code = ShippingRate.Standard, Currency = "USD", Position = 1, Title = "Standard delivery", PriceMinor = 590 });
        await db.SaveChangesAsync();
    }
}
