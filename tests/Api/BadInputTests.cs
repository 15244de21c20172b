using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

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
        await RefusedAsync(content, 413, "request.too-large");
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
        Assert.Equal("request.malformed", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        await using var db = shop.Open();
        Assert.False(await db.Orders.AnyAsync(o => o.BasketId == basket));
    }

    private async Task RefusedAsync(HttpContent content, int status, string code)
    {
        await using var db = shop.Open();
        var before = await db.Accounts.CountAsync();
        var response = await shop.Client.PostAsync("/api/v1/accounts", content);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
        Assert.Equal(before, await db.Accounts.CountAsync());
    }
}
