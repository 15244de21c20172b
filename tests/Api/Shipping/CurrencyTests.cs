using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Commerce.Outbox;
using Commerce.Pricing;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Payments;
using Tests.Api.Staff;
using Tests.Fixture;

namespace Tests.Api.Shipping;

/// <summary>Currencies without decimals and with three of them, from the price staff set to the refund at Stripe.</summary>
public partial class CurrencyTests(ShopApi shop) : IClassFixture<ShopApi>
{
    /// <summary>Two of a variant and their parcel; VAT is 19 %. At Stripe, Iceland's krona is still written with two decimals.</summary>
    [Theory]
    [InlineData("JPY", true, 1200, 500, 2900, 463, 1)]
    [InlineData("JPY", false, 1200, 500, 3451, 551, 1)]
    [InlineData("KWD", true, 12_340, 1_230, 25_910, 4_137, 1)]
    [InlineData("KWD", false, 12_340, 1_230, 30_830, 4_920, 1)] // 4.9229 of tax, in steps of 0.010
    [InlineData("ISK", true, 4_900, 900, 10_700, 1_708, 100)]
    public async Task What_staff_price_in_it_is_ordered_paid_and_partly_refunded_to_the_last_unit(string currency, bool pricesIncludeTax, long price, long rate, long total, long tax, int perUnitAtStripe)
    {
        await OfferAsync(currency, pricesIncludeTax, rate);
        var (variant, slug) = await AddAsync(currency, price);
        var page = await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products/{slug}?currency={currency}"));
        Assert.Equal((price, currency), Money(page.GetProperty("variants")[0].GetProperty("price")));
        // Lists are cached, and follow a change within a second on a quiet machine.
        var listed = await ListAsync(currency, $"priceMin={price}&priceMax={price}");
        for (var tries = 0; !listed.Contains(slug, StringComparison.Ordinal) && tries < 100; tries++, await Task.Delay(100)) listed = await ListAsync(currency, $"priceMin={price}&priceMax={price}");
        Assert.Contains(slug, listed);
        Assert.DoesNotContain(slug, await ListAsync(currency, $"priceMin={price + 1}"));

        var basket = (await ShopApi.OkAsync(shop.Client.PostAsync($"/api/v1/baskets?currency={currency}", null))).GetProperty("id").GetString()!;
        await ShopApi.OkAsync(shop.Client.PutAsJsonAsync($"/api/v1/baskets/{basket}/lines/{variant}", new { quantity = 2 }));
        var order = await ShopApi.OkAsync(Purchase.SendOrderAsync(shop, basket, expectedTotal: new { amountMinor = total, currency }));
        Assert.Equal((tax, currency), Money(order.GetProperty("taxIncluded")));

        var desk = new StaffDesk(new Purchase(shop, order.GetProperty("number").GetString()!, order.GetProperty("key").GetString()!, total));
        await desk.Purchase.PayAsync(await desk.Purchase.OpenSessionAsync());
        await ShopApi.OkAsync(desk.Purchase.SendAsync("payment-confirmation"));
        await desk.Purchase.AssertPaidOnceAsync(2);
        Assert.Equal((total * perUnitAtStripe, total), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));

        var refund = await ShopApi.OkAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = 1 } } }));
        var back = Money(refund.GetProperty("amount")).Item1;
        Assert.Equal(0, back % SellableCurrencies.StepOf(currency));
        await shop.RunJobsAsync(JobKinds.RefundPayment);
        Assert.Equal(((total - back) * perUnitAtStripe, total - back), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
        await ShopApi.OkAsync(desk.RefundAsync(new { }));
        await shop.RunJobsAsync(JobKinds.RefundPayment);
        Assert.Equal((0, 0), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
        Assert.Equal(0, (await shop.ReconcileAsync()).DifferenceCount);
    }

    [Fact]
    public async Task A_refund_made_past_the_shop_is_counted_in_the_shops_own_units()
    {
        await OfferAsync("ISK", pricesIncludeTax: true, 900);
        var (variant, _) = await AddAsync("ISK", 4_900);
        var basket = (await ShopApi.OkAsync(shop.Client.PostAsync("/api/v1/baskets?currency=ISK", null))).GetProperty("id").GetString()!;
        await ShopApi.OkAsync(shop.Client.PutAsJsonAsync($"/api/v1/baskets/{basket}/lines/{variant}", new { quantity = 1 }));
        var order = await ShopApi.OkAsync(Purchase.SendOrderAsync(shop, basket));
        var desk = new StaffDesk(new Purchase(shop, order.GetProperty("number").GetString()!, order.GetProperty("key").GetString()!, 5_800));
        await desk.Purchase.PayAsync(await desk.Purchase.OpenSessionAsync());
        await ShopApi.OkAsync(desk.Purchase.SendAsync("payment-confirmation"));

        await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = (await desk.PaymentAsync()).PaymentIntentId!, ["amount"] = "80000" });
        await shop.ReconcileAsync();
        Assert.Equal((500_000, 5_000), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
        Assert.Equal(800, (await desk.PaymentAsync()).RefundedMinor);
    }

    [Fact]
    public async Task What_no_card_can_be_charged_is_refused_as_a_price_a_rate_and_a_refund()
    {
        await OfferAsync("KWD", pricesIncludeTax: true, 1_230);
        var (variant, slug) = await AddAsync("KWD", 12_340);
        var product = await ProductOfAsync(variant);
        var path = $"/products/{product}/variants/{variant}";
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, path, Priced(slug, "KWD", 12_345), 422, PricingRefusals.AmountNotChargeable, await shop.Staff.TagAsync($"/products/{product}"));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, path, Priced(slug, "XXX", 12_340), 422, PricingRefusals.CurrencyNotSellable, await shop.Staff.TagAsync($"/products/{product}"));
        await using (var db = shop.Open()) Assert.Equal(12_340, await db.Variants.Where(v => v.Id == variant).SelectMany(v => v.Prices).Where(p => p.Currency == "KWD").Select(p => p.AmountMinor).SingleAsync());

        var zones = await shop.Staff.ReadAsync("/shipping-zones");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, "/shipping-zones", Zones("KWD", 1_231), 422, PricingRefusals.AmountNotChargeable, "*");
        Assert.Equal(zones.GetRawText(), (await shop.Staff.ReadAsync("/shipping-zones")).GetRawText());

        var basket = (await ShopApi.OkAsync(shop.Client.PostAsync("/api/v1/baskets?currency=KWD", null))).GetProperty("id").GetString()!;
        await ShopApi.OkAsync(shop.Client.PutAsJsonAsync($"/api/v1/baskets/{basket}/lines/{variant}", new { quantity = 1 }));
        var order = await ShopApi.OkAsync(Purchase.SendOrderAsync(shop, basket));
        var desk = new StaffDesk(new Purchase(shop, order.GetProperty("number").GetString()!, order.GetProperty("key").GetString()!, 13_570));
        await desk.Purchase.PayAsync(await desk.Purchase.OpenSessionAsync());
        await ShopApi.OkAsync(desk.Purchase.SendAsync("payment-confirmation"));
        await StaffDesk.AssertRefusedAsync(desk.RefundAsync(new { amountMinor = 5 }), HttpStatusCode.UnprocessableEntity, PricingRefusals.AmountNotChargeable);
        Assert.Equal(0, (await desk.PaymentAsync()).RefundedMinor);
        Assert.Equal(13_570, await desk.StripeHasAsync());
    }

    [Fact]
    public async Task Zones_are_saved_as_they_were_read_after_a_currency_was_given_up()
    {
        await OfferAsync("NOK", pricesIncludeTax: true, 9_900);
        await shop.Staff.EditAsync("/currencies", new { items = new[] { "EUR" } });
        var zones = await shop.Staff.ReadAsync("/shipping-zones");
        Assert.Contains("NOK", zones.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(zones.GetRawText(), (await shop.Staff.EditAsync("/shipping-zones", zones)).GetRawText());
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, "/shipping-zones", Zones("SEK", 9_900), 422, "shipping.currency-unknown", "*");
    }

    [Fact]
    public void The_storefront_writes_amounts_with_the_decimals_that_the_shop_counts_in()
    {
        var table = File.ReadAllText(Path.Combine(TestFolders.Repository, "Frontend", "lib", "money.ts"));
        table = table[table.IndexOf("const decimals", StringComparison.Ordinal)..];
        var told = Entry().Matches(table[..table.IndexOf("};", StringComparison.Ordinal)]).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value[0] - (int)'0');
        Assert.Equal(SellableCurrencies.All.Where(c => SellableCurrencies.DecimalsOf(c) != 2).Order(), told.Keys.Order());
        Assert.All(told, entry => Assert.Equal(SellableCurrencies.DecimalsOf(entry.Key), entry.Value));
    }

    private async Task OfferAsync(string currency, bool pricesIncludeTax, long rate)
    {
        await shop.Staff.EditAsync("/currencies", new { items = new[] { "EUR", currency } });
        await shop.Staff.EditAsync("/shop-policy", new { pricesIncludeTax, lowStockThreshold = 5, lowStockMargin = 2 });
        await shop.Staff.EditAsync("/shipping-zones", Zones(currency, rate));
    }

    private async Task<(Guid Variant, string Slug)> AddAsync(string currency, long price)
    {
        var variant = await shop.AddGoodsAsync(stock: 5);
        var product = await ProductOfAsync(variant);
        var slug = (await shop.Staff.ReadAsync($"/products/{product}")).GetProperty("slug").GetString()!;
        await shop.Staff.EditAsync($"/products/{product}/variants/{variant}", Priced(slug, currency, price), $"/products/{product}");
        return (variant, slug);
    }

    private async Task<Guid> ProductOfAsync(Guid variant)
    {
        await using var db = shop.Open();
        return await db.Variants.Where(v => v.Id == variant).Select(v => v.ProductId).SingleAsync();
    }

    private async Task<string> ListAsync(string currency, string filter) =>
        (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products?currency={currency}&{filter}"))).GetRawText();

    private static (long, string?) Money(JsonElement money) => (money.GetProperty("amountMinor").GetInt64(), money.GetProperty("currency").GetString());

    private static object Priced(string slug, string currency, long price) => new { sku = $"{slug}-1", weightGrams = 100, options = Array.Empty<string>(), prices = new object[] { new { currency = "EUR", amountMinor = 2500 }, new { currency, amountMinor = price } } };

    private static object Zones(string currency, long price) => new
    {
        items = new[] { new { code = "near", title = "Nearby", countries = new[] { "DE" }, rates = new[] { new { code = "post", currency, title = "Post", priceMinor = price } } } },
    };

    [GeneratedRegex(@"([A-Z]{3}): (\d)")]
    private static partial Regex Entry();
}
