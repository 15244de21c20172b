using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api;

/// <summary>What comes in when somebody is careless, or means harm: a clear code, and nothing half done.</summary>
public class BadInputTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Theory]
    [InlineData("application/json", """{"email":"ann@example.com","password":""", 400, "request.malformed")]
    [InlineData("application/json", """{"email":"ann@example.com","password":42}""", 400, "request.malformed")]
    [InlineData("application/json", """{"email":["ann@example.com"],"password":"long enough it is"}""", 400, "request.malformed")]
    [InlineData("application/json", """{"email":"ann@example.com"}""", 400, "request.malformed")]
    [InlineData("application/json", """{"email":null,"password":"long enough it is"}""", 400, "request.malformed")]
    [InlineData("application/json", "null", 400, "request.malformed")]
    [InlineData("application/json", "[]", 400, "request.malformed")]
    [InlineData("application/json", """{"email":"nobody","password":"long enough it is"}""", 400, "request.invalid")]
    [InlineData("text/plain", """{"email":"ann@example.com","password":"long enough it is"}""", 415, "request.unknown-content-type")]
    [InlineData("application/xml", "<account/>", 415, "request.unknown-content-type")]
    [InlineData("application/x-www-form-urlencoded", "email=ann%40example.com&password=long", 415, "request.unknown-content-type")]
    public async Task A_body_that_is_not_what_was_asked_for_opens_no_account(string type, string body, int status, string code)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        await RefusedAsync(content, status, code);
    }

    [Fact]
    public async Task A_body_without_a_type_is_refused_like_one_of_another_type()
    {
        using var content = new ByteArrayContent("""{"email":"ann@example.com","password":"long enough it is"}"""u8.ToArray());
        await RefusedAsync(content, 415, "request.unknown-content-type");
    }

    [Theory]
    [InlineData("application/json; charset=bogus")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=\"")]
    [InlineData("application/json; charset=\"\"")]
    public async Task A_charset_that_is_none_is_refused_like_a_type_that_is_none(string type)
    {
        using var content = new ByteArrayContent("""{"email":"ann@example.com","password":"long enough it is"}"""u8.ToArray());
        Assert.True(content.Headers.TryAddWithoutValidation("Content-Type", type));
        await RefusedAsync(content, 415, "request.unknown-content-type");
    }

    [Theory]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=\"UTF-16\"")]
    public async Task A_body_is_read_in_the_charset_it_names(string type)
    {
        var basket = await Purchase.FillBasketAsync(shop, shop.Tide);
        using var content = new ByteArrayContent(Encoding.Unicode.GetBytes("""{"quantity":2}"""));
        Assert.True(content.Headers.TryAddWithoutValidation("Content-Type", type));
        var filled = await ShopApi.OkAsync(shop.Client.PutAsync($"/api/v1/baskets/{basket}/lines/{shop.Tide}", content));
        Assert.Equal(2, filled.GetProperty("lines")[0].GetProperty("quantity").GetInt32());
    }

    [Fact]
    public async Task A_body_in_another_encoding_is_malformed()
    {
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes("""{"email":"ann@example.com","password":"größer als Länge"}"""));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await RefusedAsync(content, 400, "request.malformed");
    }

    [Fact]
    public async Task A_huge_body_is_not_read()
    {
        using var content = new StringContent($$"""{"email":"ann@example.com","password":"{{new string('x', 2 * 1024 * 1024)}}"}""", Encoding.UTF8, "application/json");
        await RefusedAsync(content, 413, "request.too-large", asksFirst: true);
    }

    [Fact]
    public async Task A_body_nested_without_end_is_malformed()
    {
        using var content = new StringContent($$"""{"email":{{new string('[', 10_000)}}""", Encoding.UTF8, "application/json");
        await RefusedAsync(content, 400, "request.malformed");
    }

    [Theory]
    [InlineData("Zoë Łęcka-Ó Súilleabháin", "Łódź")]
    [InlineData("山田 太郎", "東京都")]
    [InlineData("مريم عبد الله", "القاهرة")]
    [InlineData("👩🏽‍🎨 Ann", "Z͑ͫalgo")]
    [InlineData("Robert'); DROP TABLE orders;--", "<b>Berlin</b>")]
    public async Task Names_of_every_script_come_back_as_they_were_written(string name, string city)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders")
        {
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
            Content = JsonContent.Create(new
            {
                basketId = await Purchase.FillBasketAsync(shop, shop.Tide),
                email = "ann@example.com",
                shippingAddress = new { name, line1 = "Straße 1", postalCode = "10115", city, countryCode = "DE" },
            }),
        };
        var order = await ShopApi.OkAsync(shop.Client.SendAsync(request));
        var read = await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/orders/{order.GetProperty("number")}?key={order.GetProperty("key")}"));
        Assert.Equal((name, city), (read.GetProperty("shippingAddress").GetProperty("name").GetString(), read.GetProperty("shippingAddress").GetProperty("city").GetString()));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("city")]
    public async Task A_null_character_is_refused_and_nothing_is_ordered(string field)
    {
        var basket = await Purchase.FillBasketAsync(shop, shop.Tide);
        var address = new Dictionary<string, string> { ["name"] = "Ann", ["line1"] = "Straße 1", ["postalCode"] = "10115", ["city"] = "Berlin", ["countryCode"] = "DE", [field] = "An\0n" };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders")
        {
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
            Content = JsonContent.Create(new { basketId = basket, email = "ann@example.com", shippingAddress = address }),
        };
        var response = await shop.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("request.invalid", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        await using var db = shop.Open();
        Assert.False(await db.Orders.AnyAsync(o => o.BasketId == basket));
    }

    [Theory]
    [InlineData("name", "Ann\nSmith\r\nBcc: x")]
    [InlineData("name", "\u200B")]
    [InlineData("name", "\u00A0\u2060 ")]
    [InlineData("line1", "Straße 1\u2028")]
    [InlineData("line2", "\u001B[2J")]
    [InlineData("city", "Berlin\u0007")]
    [InlineData("postalCode", "10115\n")]
    [InlineData("postalCode", "\uFF11\uFF10\uFF11\uFF17\uFF18")]
    public async Task An_address_is_made_of_lines_that_can_be_read_and_nothing_else(string field, string text)
    {
        var basket = await Purchase.FillBasketAsync(shop, shop.Tide);
        var address = new Dictionary<string, string> { ["name"] = "Ann", ["line1"] = "Straße 1", ["postalCode"] = "10115", ["city"] = "Berlin", ["countryCode"] = "DE", [field] = text };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders")
        {
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
            Content = JsonContent.Create(new { basketId = basket, email = "ann@example.com", shippingAddress = address }),
        };
        var response = await shop.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains($"shippingAddress.{field}", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetRawText(), StringComparison.Ordinal);
        await using var db = shop.Open();
        Assert.False(await db.Orders.AnyAsync(o => o.BasketId == basket));
    }

    [Theory]
    [InlineData("USD", 3390, 422, "orders.currency-mismatch")]
    [InlineData("EUR", 3391, 409, "orders.total-changed")]
    [InlineData("EUR", -3390, 409, "orders.total-changed")]
    public async Task An_order_in_another_currency_or_of_another_total_than_the_shopper_saw_is_not_placed(string currency, long amountMinor, int status, string code)
    {
        var basket = await Purchase.FillBasketAsync(shop, shop.Tide); // 29.00 and 4.90
        var response = await Purchase.SendOrderAsync(shop, basket, expectedTotal: new { amountMinor, currency });
        Assert.Equal((status, code), ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
        await using var db = shop.Open();
        Assert.False(await db.Orders.AnyAsync(o => o.BasketId == basket));
    }

    [Fact]
    public async Task A_basket_is_its_owners_nobody_reads_fills_or_orders_it_by_a_guess_or_after_it_was_ordered()
    {
        var ordered = await Purchase.FillBasketAsync(shop, shop.Tide);
        Assert.Equal(HttpStatusCode.Created, (await Purchase.SendOrderAsync(shop, ordered)).StatusCode);
        foreach (var (basket, refusal) in ((string, (int, string))[])[("0f3a9c417be25d8860c1e7a4923bd5f6", (404, "orders.basket-not-found")), (ordered, (409, "orders.basket-already-ordered"))])
        {
            Assert.Equal((404, "baskets.not-found"), await CodeAsync(shop.Client.GetAsync($"/api/v1/baskets/{basket}")));
            Assert.Equal((404, "baskets.not-found"), await CodeAsync(shop.Client.PutAsJsonAsync($"/api/v1/baskets/{basket}/lines/{shop.Tide}", new { quantity = 2 })));
            Assert.Equal((404, "baskets.not-found"), await CodeAsync(shop.Client.GetAsync($"/api/v1/shipping-rates?countryCode=DE&basketId={basket}")));
            Assert.Equal(refusal, await CodeAsync(Purchase.SendOrderAsync(shop, basket)));
        }
        await using var db = shop.Open();
        Assert.Equal(1, await db.Orders.CountAsync(o => o.BasketId == ordered));
    }

    [Theory]
    [InlineData("""{"custom.paper":null}""")]
    [InlineData("""{"custom.paper":["Cotton rag",null]}""")]
    [InlineData("""{"custom.paper":[null]}""")]
    public async Task A_null_within_a_list_is_malformed_however_deep_and_makes_no_product(string attributes)
    {
        var slug = $"p-{Guid.NewGuid():N}";
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, "/products", $$"""{"title":"Tide","slug":"{{slug}}","attributes":{{attributes}}}""", 400, "request.malformed");
        await using var db = shop.Open();
        Assert.False(await db.Products.AnyAsync(p => p.Slug == slug));
    }

    [Theory]
    [InlineData("session=nonsense")]
    [InlineData("session=CfDJ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("session=")]
    public async Task A_session_that_is_none_opens_nothing_of_staffs_and_spoils_nothing_of_a_shoppers(string cookie)
    {
        using var browser = shop.WithoutCookies();
        browser.DefaultRequestHeaders.Add("Cookie", cookie);
        await using var db = shop.Open();
        var movements = await db.StockMovements.CountAsync();
        var adjusted = await browser.PostAsJsonAsync($"/api/v1/admin/stock/{shop.Tide}/adjustments", new { locationId = Commerce.Stock.Location.MainId, delta = 1 });
        Assert.Equal(HttpStatusCode.Unauthorized, adjusted.StatusCode);
        Assert.Equal(movements, await db.StockMovements.CountAsync());
        await ShopApi.OkAsync(browser.GetAsync($"/api/v1/baskets/{await Purchase.FillBasketAsync(shop, shop.Tide)}"));
        Assert.Equal(HttpStatusCode.Created, (await browser.PostAsync("/api/v1/baskets", null)).StatusCode);
    }

    [Theory]
    [InlineData("2026-12-01T09:00:00+14:00", "2026-11-30T19:00:00Z")]
    [InlineData("2026-12-01T09:00:00-12:00", "2026-12-01T21:00:00Z")]
    [InlineData("2026-12-01T09:00:00.123Z", "2026-12-01T09:00:00.123Z")]
    [InlineData("2028-02-29T23:59:59+01:00", "2028-02-29T22:59:59Z")]
    [InlineData("2026-12-01T09:00:00", null)] // of which time zone?
    [InlineData("2026-12-01", null)]
    [InlineData("2027-02-29T09:00:00Z", null)]
    [InlineData("2026-12-01T25:00:00Z", null)]
    [InlineData("2026-12-01T09:00:00+15:00", null)]
    [InlineData("0001-01-01T00:00:00+14:00", null)]
    [InlineData("9999-12-31T23:59:59-12:00", null)]
    [InlineData("tomorrow", null)]
    public async Task A_moment_is_the_same_in_every_time_zone_and_without_one_it_is_refused(string said, string? meant)
    {
        var product = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/products", new { title = "Timely", slug = $"timely-{Guid.NewGuid():N}" }));
        var path = $"/products/{product.GetProperty("id").GetString()}";
        var body = $$"""{"from":"{{said}}"}""";
        if (meant is null) await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"{path}/publication", body, 400, "request.malformed", tag: "*");
        else await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, $"{path}/publication", body, "*"));
        var at = (await shop.Staff.ReadAsync(path)).GetProperty("publishedAt");
        DateTimeOffset? expected = meant is null ? null : DateTimeOffset.Parse(meant, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(expected, at.ValueKind == JsonValueKind.Null ? (DateTimeOffset?)null : at.GetDateTimeOffset());
    }

    private static async Task<(int, string?)> CodeAsync(Task<HttpResponseMessage> call)
    {
        var response = await call;
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    /// <param name="asksFirst">Sends the body only when told to go on: a server that refuses it unread closes the connection, and who is still sending may lose the answer.</param>
    private async Task RefusedAsync(HttpContent content, int status, string code, bool asksFirst = false)
    {
        await using var db = shop.Open();
        var before = await db.Accounts.CountAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/accounts") { Content = content };
        request.Headers.ExpectContinue = asksFirst;
        var response = await shop.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
        Assert.Equal(before, await db.Accounts.CountAsync());
    }
}
