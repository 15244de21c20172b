using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Shipping;

/// <summary>What staff decide for the whole shop: zones and rates, VAT, prices with or without tax, currencies.</summary>
public class ShopSettingsTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task Zones_with_bands_of_weight_and_value_are_what_a_basket_is_offered_from_then_on()
    {
        var before = await shop.Staff.ReadAsync("/shipping-zones");
        await shop.Staff.EditAsync("/shipping-zones", Zones(["DE", "AT"],
            Rate("post", 500, maxWeight: 1000), Rate("post", 900, minWeight: 1001, maxWeight: 5000), Rate("courier", 0, minValue: 10_000), Rate("courier", 1500, maxValue: 9_999)));
        try
        {
            Assert.Equal(("shipping.zones-replaced", "staff@shop.test", "because"), await shop.NewestAuditAsync("shop:shipping"));
            Assert.Equal([("post", 500), ("courier", 1500)], await OffersAsync(quantity: 1, grams: 900));
            Assert.Equal([("post", 900), ("courier", 1500)], await OffersAsync(quantity: 3, grams: 900));
            Assert.Equal([("courier", 0)], await OffersAsync(quantity: 6, grams: 900)); // too heavy for the post, worth enough for the courier
            Assert.Equal([("post", 500), ("courier", 1500)], await OffersAsync(quantity: 1, grams: 1000)); // both bounds belong to their band
            Assert.Equal([("post", 900), ("courier", 1500)], await OffersAsync(quantity: 1, grams: 1001));
            var stranger = await Purchase.FillBasketAsync(shop, shop.Tide);
            Assert.Equal("orders.country-not-served", (await (await shop.Client.GetAsync($"/api/v1/shipping-rates?basketId={stranger}&countryCode=FR")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }
        finally
        {
            await shop.Staff.EditAsync("/shipping-zones", before);
        }
    }

    [Theory]
    [InlineData("""{"items":null}""", 400, "request.malformed")]
    [InlineData("""{"items":[null]}""", 400, "request.malformed")]
    [InlineData("""{"items":[{"code":"eu","title":"EU","countries":["de"],"rates":[]}]}""", 400, "request.invalid")]
    [InlineData("""{"items":[{"code":"eu","title":"EU","countries":["DEU"],"rates":[]}]}""", 400, "request.invalid")]
    [InlineData("""{"items":[{"code":"eu","title":"EU","countries":[null],"rates":[]}]}""", 400, "request.malformed")]
    [InlineData("""{"items":[{"code":"EU zone","title":"EU","countries":["DE"],"rates":[]}]}""", 400, "request.invalid")]
    [InlineData("""{"items":[{"code":"a","title":"A","countries":["DE","DE"],"rates":[]}]}""", 422, "shipping.country-twice")]
    [InlineData("""{"items":[{"code":"a","title":"A","countries":["DE"],"rates":[]},{"code":"b","title":"B","countries":["DE"],"rates":[]}]}""", 422, "shipping.country-twice")]
    [InlineData("""{"items":[{"code":"a","title":"A","countries":["DE"],"rates":[]},{"code":"a","title":"B","countries":["AT"],"rates":[]}]}""", 422, "shipping.zone-twice")]
    [InlineData("""{"items":[{"code":"a","title":"A","countries":["DE"],"rates":[{"code":"post","currency":"XXX","title":"Post","priceMinor":1}]}]}""", 422, "shipping.currency-unknown")]
    [InlineData("""{"items":[{"code":"a","title":"A","countries":["DE"],"rates":[{"code":"post","currency":"EUR","title":"Post","priceMinor":-1}]}]}""", 400, "request.invalid")]
    [InlineData("""{"items":[{"code":"a","title":"A","countries":["DE"],"rates":[{"code":"post","currency":"EUR","title":"Post","priceMinor":100000001}]}]}""", 400, "request.invalid")]
    [InlineData("""{"items":[{"code":"a","title":"A","countries":["DE"],"rates":[{"code":"post","currency":"EUR","title":"Post","priceMinor":4.9}]}]}""", 400, "request.malformed")]
    [InlineData("""{"items":[{"code":"a","title":"A","countries":["DE"],"rates":[{"code":"post","currency":"EUR","title":"Post","priceMinor":1,"minWeightGrams":5,"maxWeightGrams":4}]}]}""", 400, "request.invalid")]
    [InlineData("""{"items":[{"code":"a","title":"A","countries":["DE"],"rates":[{"code":"post","currency":"EUR","title":"Post","priceMinor":1,"minSubtotalMinor":5,"maxSubtotalMinor":4}]}]}""", 400, "request.invalid")]
    [InlineData("""{"items":[{"code":"a","title":"A","countries":["DE"],"rates":[{"code":"post","currency":"EUR","title":"Post","priceMinor":1,"maxWeightGrams":-4}]}]}""", 400, "request.invalid")]
    [InlineData("""{"items":[{"code":"a","title":"A","countries":["DE"],"rates":[{"code":"post","currency":"EUR","title":"Post","priceMinor":1,"maxWeightGrams":1000},{"code":"post","currency":"EUR","title":"Post","priceMinor":2,"minWeightGrams":1000}]}]}""", 422, "shipping.bands-overlap")]
    [InlineData("""{"items":[{"code":"a","title":"A","countries":["DE"],"rates":[{"code":"post","currency":"EUR","title":"Post","priceMinor":1,"maxSubtotalMinor":1000},{"code":"post","currency":"EUR","title":"Post","priceMinor":2,"minSubtotalMinor":1000}]}]}""", 422, "shipping.bands-overlap")]
    [InlineData("""{"items":[{"code":"a","title":"A","countries":["ZZ"],"rates":[]}]}""", 422, "shipping.country-unknown")]
    [InlineData("""{"items":[],"untaxed":["ZZ"]}""", 422, "shipping.country-unknown")]
    [InlineData("""{"items":[{"code":"a","title":"A","countries":["DE","MX"],"rates":[]}],"untaxed":["BR"]}""", 422, "shipping.vat-missing")]
    public Task Zones_that_cannot_be_are_refused_and_all_stay_as_they_were(string body, int status, string code) => RefusedAsync("/shipping-zones", "shop:shipping", body, status, code);

    [Theory]
    [InlineData("""{"items":[{"countryCode":"DE","taxClass":"standard","percent":-1}]}""", 400, "request.invalid")]
    [InlineData("""{"items":[{"countryCode":"DE","taxClass":"standard","percent":100.01}]}""", 400, "request.invalid")]
    [InlineData("""{"items":[{"countryCode":"DE","taxClass":"standard","percent":"19"}]}""", 400, "request.malformed")]
    [InlineData("""{"items":[{"countryCode":"Germany","taxClass":"standard","percent":19}]}""", 400, "request.invalid")]
    [InlineData("""{"items":[{"countryCode":"DE","taxClass":"Half Price","percent":19}]}""", 400, "request.invalid")]
    [InlineData("""{"items":[{"countryCode":"DE","taxClass":"standard","percent":19},{"countryCode":"DE","taxClass":"standard","percent":7}]}""", 422, "shipping.vat-rate-twice")]
    [InlineData("""{"items":[null]}""", 400, "request.malformed")]
    [InlineData("""{"items":[{"countryCode":"DE","taxClass":"standard","percent":19.12345}]}""", 422, "shipping.percent-too-fine")]
    [InlineData("""{"items":[{"countryCode":"ZZ","taxClass":"standard","percent":19}]}""", 422, "shipping.country-unknown")]
    [InlineData("""{"items":[],"untaxed":["ZZ"]}""", 422, "shipping.country-unknown")]
    [InlineData("""{"items":[{"countryCode":"AT","taxClass":"standard","percent":20}]}""", 422, "shipping.vat-missing")]
    [InlineData("""{"items":[]}""", 422, "shipping.vat-missing")]
    public Task Vat_that_cannot_be_is_refused_and_all_stays_as_it_was(string body, int status, string code) => RefusedAsync("/vat-rates", "shop:vat", body, status, code);

    [Theory]
    [InlineData("""{"pricesIncludeTax":true,"lowStockThreshold":-1,"lowStockMargin":2}""", 400, "request.invalid")]
    [InlineData("""{"pricesIncludeTax":true,"lowStockThreshold":5,"lowStockMargin":1000001}""", 400, "request.invalid")]
    [InlineData("""{"pricesIncludeTax":"yes","lowStockThreshold":5,"lowStockMargin":2}""", 400, "request.malformed")]
    [InlineData("""{"pricesIncludeTax":true}""", 400, "request.malformed")]
    public Task A_policy_that_cannot_be_is_refused_and_stays_as_it_was(string body, int status, string code) => RefusedAsync("/shop-policy", "shop:policy", body, status, code);

    [Theory]
    [InlineData("""{"items":["USD"]}""", 422, "shop.own-currency-missing")]
    [InlineData("""{"items":[]}""", 422, "shop.own-currency-missing")]
    [InlineData("""{"items":["EUR","CLF"]}""", 422, "shop.currency-not-sellable")] // four decimals, and no money one can have
    [InlineData("""{"items":["EUR","XYZ"]}""", 422, "shop.currency-not-sellable")]
    [InlineData("""{"items":["EUR","usd"]}""", 400, "request.invalid")]
    [InlineData("""{"items":["EUR",null]}""", 400, "request.malformed")]
    [InlineData("""{"items":"EUR"}""", 400, "request.malformed")]
    public Task Currencies_that_cannot_be_are_refused_and_stay_as_they_were(string body, int status, string code) => RefusedAsync("/currencies", "shop:currencies", body, status, code);

    [Fact]
    public async Task A_country_that_is_delivered_to_loses_its_vat_only_when_it_is_named()
    {
        var before = await shop.Staff.ReadAsync("/vat-rates");
        var rest = before.GetProperty("items").EnumerateArray().Where(r => r.GetProperty("countryCode").GetString() != "DE").ToList();
        var refused = await shop.Staff.AskAsync(HttpMethod.Put, "/vat-rates", new { items = rest }, "*");
        Assert.Equal(["DE"], (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("countries").EnumerateArray().Select(c => c.GetString()));
        try
        {
            await shop.Staff.EditAsync("/vat-rates", new { items = rest.Append(JsonSerializer.SerializeToElement(new { countryCode = "AT", taxClass = "books", percent = 5.25 })), untaxed = new[] { "DE" } });
            var after = (await shop.Staff.ReadAsync("/vat-rates")).GetProperty("items").EnumerateArray().ToList();
            Assert.DoesNotContain(after, r => r.GetProperty("countryCode").GetString() == "DE");
            await using var db = shop.Open();
            var details = await db.AuditEntries.Where(a => a.Subject == "shop:vat").OrderByDescending(a => a.Id).Select(a => a.Details).FirstAsync();
            Assert.Equal("DE", JsonDocument.Parse(details!).RootElement.GetProperty("untaxed")[0].GetString());
            Assert.Contains(after, r => r.GetProperty("percent").GetDecimal() == 5.25m);
        }
        finally
        {
            await shop.Staff.EditAsync("/vat-rates", before);
        }
    }

    [Fact]
    public async Task Where_the_shop_delivers_to_is_told_with_what_an_address_there_needs()
    {
        var before = await shop.Staff.ReadAsync("/shipping-zones");
        try
        {
            var all = await CountriesAsync();
            Assert.Equal(all.Order(StringComparer.Ordinal), all);
            Assert.DoesNotContain(all, c => c.StartsWith("HK", StringComparison.Ordinal));
            await shop.Staff.EditAsync("/shipping-zones", new { items = new[] { new { code = "near", title = "Nearby", countries = new[] { "HK", "CA", "DE" }, rates = new[] { Rate("post", 500) } } }, untaxed = new[] { "HK", "CA" } });
            Assert.Equal([@"CA K1A 0B1 ^(?:[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d)$ AB,BC,MB,NB,NL,NS,NT,NU,ON,PE,QC,SK,YT", @"DE 10115 ^(?:\d{5})$ ", "HK   "], await CountriesAsync());
        }
        finally
        {
            await shop.Staff.EditAsync("/shipping-zones", before);
        }

        async Task<List<string>> CountriesAsync() => [.. (await shop.Client.GetFromJsonAsync<JsonElement>("/api/v1/shipping-countries")).GetProperty("items").EnumerateArray()
            .Select(c => $"{c.GetProperty("countryCode")} {c.GetProperty("postalCodeExample")} {c.GetProperty("postalCodePattern")} {string.Join(',', c.GetProperty("regions").EnumerateArray())}")];
    }

    [Fact]
    public async Task An_address_needs_a_postal_code_where_mail_has_them()
    {
        var before = await shop.Staff.ReadAsync("/shipping-zones");
        await shop.Staff.EditAsync("/shipping-zones", new { items = new[] { new { code = "near", title = "Nearby", countries = new[] { "HK", "DE" }, rates = new[] { Rate("post", 500) } } }, untaxed = new[] { "HK" } });
        try
        {
            var placed = await OrderAsync("HK");
            Assert.True(placed.StatusCode == HttpStatusCode.Created, await placed.Content.ReadAsStringAsync());
            Assert.Equal("", (await placed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("shippingAddress").GetProperty("postalCode").GetString());

            var refused = await OrderAsync("DE");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            var errors = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
            Assert.Equal("Addresses in DE need a postal code, such as 10115.", errors.GetProperty("shippingAddress.postalCode")[0].GetString());
        }
        finally
        {
            await shop.Staff.EditAsync("/shipping-zones", before);
        }

        async Task<HttpResponseMessage> OrderAsync(string countryCode)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders")
            {
                Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
                Content = JsonContent.Create(new
                {
                    basketId = await Purchase.FillBasketAsync(shop, shop.Tide),
                    email = "ann@example.com",
                    shippingAddress = new { name = "Ann", line1 = "1 Queen's Road", city = "Central", countryCode },
                }),
            };
            return await shop.Client.SendAsync(request);
        }
    }

    [Fact]
    public async Task Vat_is_not_lost_by_the_way_round_over_the_zones()
    {
        var (zones, vat) = (await shop.Staff.ReadAsync("/shipping-zones"), await shop.Staff.ReadAsync("/vat-rates"));
        await shop.Staff.EditAsync("/shipping-zones", new { items = Array.Empty<object>() });
        try
        {
            await shop.Staff.AssertRefusedAsync(HttpMethod.Put, "/vat-rates", new { items = Array.Empty<object>() }, 422, "shipping.vat-missing", tag: "*");
        }
        finally
        {
            await shop.Staff.EditAsync("/shipping-zones", zones);
        }
        Assert.Equal(vat.GetRawText(), (await shop.Staff.ReadAsync("/vat-rates")).GetRawText());
    }

    [Fact]
    public async Task A_country_without_vat_is_taken_in_only_when_it_is_named_and_is_shown_from_then_on()
    {
        var before = await shop.Staff.ReadAsync("/shipping-zones");
        Assert.Contains("CH", Untaxed(before));
        Assert.DoesNotContain("DE", Untaxed(before));
        try
        {
            var refused = await shop.Staff.AskAsync(HttpMethod.Put, "/shipping-zones", Zones(["DE", "CH", "MX", "BR"]), "*");
            Assert.Equal(["BR", "MX"], (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("countries").EnumerateArray().Select(c => c.GetString())); // CH was delivered to before
            var after = await shop.Staff.EditAsync("/shipping-zones", new { items = new[] { new { code = "near", title = "Nearby", countries = new[] { "DE", "MX" }, rates = Array.Empty<object>() } }, untaxed = new[] { "MX" } });
            Assert.Equal(["MX"], Untaxed(after));
            await shop.Staff.AssertRefusedAsync(HttpMethod.Put, "/shipping-zones", Zones(["CH"]), 422, "shipping.vat-missing", tag: "*"); // it has left
        }
        finally
        {
            await shop.Staff.EditAsync("/shipping-zones", before);
        }

        static IEnumerable<string?> Untaxed(JsonElement zones) => zones.GetProperty("untaxed").EnumerateArray().Select(c => c.GetString());
    }

    [Fact]
    public async Task A_basket_says_whether_its_prices_hold_VAT_when_it_is_opened_read_and_changed()
    {
        var before = await shop.Staff.ReadAsync("/shop-policy");
        try
        {
            foreach (var includes in (bool[])[false, true])
            {
                await shop.Staff.EditAsync("/shop-policy", new { pricesIncludeTax = includes, lowStockThreshold = 5, lowStockMargin = 2 });
                var opened = await ShopApi.OkAsync(shop.Client.PostAsync("/api/v1/baskets", null));
                var address = $"/api/v1/baskets/{opened.GetProperty("id").GetString()}";
                var changed = await ShopApi.OkAsync(shop.Client.PutAsJsonAsync($"{address}/lines/{shop.Tide}", new { quantity = 1 }));
                var read = await ShopApi.OkAsync(shop.Client.GetAsync(address));
                Assert.All([opened, changed, read], basket => Assert.Equal(includes, basket.GetProperty("pricesIncludeTax").GetBoolean()));
            }
        }
        finally
        {
            await shop.Staff.EditAsync("/shop-policy", before);
        }
    }

    [Fact]
    public async Task Of_several_who_edit_the_settings_at_once_one_is_heard_and_the_others_are_told()
    {
        foreach (var path in (string[])["/shipping-zones", "/vat-rates", "/currencies"])
        {
            var same = await shop.Staff.ReadAsync(path);
            await shop.Staff.AssertOneOfManyWinsAsync(path, _ => same);
        }
        var (policy, trail) = (await shop.Staff.ReadAsync("/shop-policy"), await shop.AuditCountAsync("shop:policy"));
        await shop.Staff.AssertOneOfManyWinsAsync("/shop-policy", i => new { pricesIncludeTax = true, lowStockThreshold = 10 + i, lowStockMargin = 2 });
        await shop.Staff.EditAsync("/shop-policy", policy);
        Assert.Equal(trail + 2, await shop.AuditCountAsync("shop:policy"));
        Assert.Equal("staff@shop.test", (await shop.NewestAuditAsync("shop:policy")).Who);
    }

    [Fact]
    public async Task The_settings_are_for_staff_and_for_machines_with_the_scope_only()
    {
        foreach (var path in (string[])["/shipping-zones", "/vat-rates", "/shop-policy", "/currencies"])
        {
            await shop.Client.AssertRefusedAsync(HttpMethod.Get, path, null, 401, "accounts.sign-in-needed");
            using var reader = await shop.MachineAsync("settings:read", "orders:write", "catalog:write", "stock:write");
            var same = await reader.ReadAsync(path);
            await reader.AssertRefusedAsync(HttpMethod.Put, path, same, 403, "accounts.forbidden", tag: "*");
            using var writer = await shop.MachineAsync("settings:write");
            Assert.Equal(same.GetRawText(), (await writer.EditAsync(path, same)).GetRawText());
            using var stranger = await shop.MachineAsync("orders:write", "catalog:write", "stock:write");
            await stranger.AssertRefusedAsync(HttpMethod.Get, path, null, 403, "accounts.forbidden");
        }
        using var settings = await shop.MachineAsync("settings:write");
        await settings.AssertRefusedAsync(HttpMethod.Get, "/orders", null, 403, "accounts.forbidden");
    }

    [Fact]
    public async Task A_currency_that_is_given_up_takes_no_new_basket_and_what_lies_in_one_is_still_sold()
    {
        var list = await shop.Staff.EditAsync("/currencies", new { items = new[] { "USD", "EUR", "GBP" } });
        Assert.Equal(["EUR", "GBP", "USD"], list.GetProperty("items").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(("shop.currencies-replaced", "staff@shop.test", "because"), await shop.NewestAuditAsync("shop:currencies"));
        var held = await ShopApi.OkAsync(shop.Client.PostAsync("/api/v1/baskets?currency=GBP", null));

        await shop.Staff.EditAsync("/currencies", new { items = new[] { "EUR" } });
        var refused = await shop.Client.PostAsync("/api/v1/baskets?currency=GBP", null);
        Assert.Equal((422, "baskets.currency-unknown"), ((int)refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
        var read = await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/baskets/{held.GetProperty("id").GetString()}"));
        Assert.Equal("GBP", read.GetProperty("currency").GetString());
        await using var db = shop.Open();
        Assert.Equal(3, await db.Currencies.CountAsync());
    }

    private async Task RefusedAsync(string path, string subject, string body, int status, string code)
    {
        var (before, trail) = (await shop.Staff.ReadAsync(path), await shop.AuditCountAsync(subject));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, path, body, status, code, tag: "*");
        Assert.Equal(before.GetRawText(), (await shop.Staff.ReadAsync(path)).GetRawText());
        Assert.Equal(trail, await shop.AuditCountAsync(subject));
    }

    /// <summary>What a basket of a new variant at 25.00 is offered: method and price.</summary>
    private async Task<List<(string?, long)>> OffersAsync(int quantity, int grams)
    {
        var variant = await shop.AddGoodsAsync(stock: 10);
        await using var db = shop.Open();
        await db.Variants.Where(v => v.Id == variant).ExecuteUpdateAsync(v => v.SetProperty(x => x.WeightGrams, grams));
        var quote = await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/shipping-rates?basketId={await Purchase.FillBasketAsync(shop, variant, quantity)}&countryCode=DE"));
        return [.. quote.GetProperty("items").EnumerateArray().Select(o => (o.GetProperty("code").GetString(), o.GetProperty("price").GetProperty("amountMinor").GetInt64()))];
    }

    private static object Zones(string[] countries, params object[] rates) => new { items = new[] { new { code = "near", title = "Nearby", countries, rates } } };

    private static object Rate(string code, long price, int minWeight = 0, int? maxWeight = null, long minValue = 0, long? maxValue = null) => new
    {
        code,
        currency = "EUR",
        title = code,
        priceMinor = price,
        minWeightGrams = minWeight,
        maxWeightGrams = maxWeight,
        minSubtotalMinor = minValue,
        maxSubtotalMinor = maxValue,
    };
}
