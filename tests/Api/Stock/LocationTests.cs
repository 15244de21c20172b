using System.Net;
using System.Text.Json;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Stock;

public class LocationTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task A_location_is_opened_renamed_and_taken_away_each_with_who_and_why()
    {
        var made = await shop.Staff.AskAsync(HttpMethod.Post, "/stock/locations", new { name = $"  Łódź {_id} ", priority = 3 });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var location = await shop.Staff.GetFromLocationAsync(made);
        Assert.Equal(($"Łódź {_id}", 3), (location.GetProperty("name").GetString(), location.GetProperty("priority").GetInt32()));
        var id = location.GetProperty("id").GetGuid();
        Assert.Equal(("stock.location-added", "staff@shop.test", "because"), await shop.NewestAuditAsync($"location:{id}"));

        var changed = await shop.Staff.EditAsync($"/stock/locations/{id}", new { name = $"Depot {_id}", priority = 1 });
        Assert.Equal($"Depot {_id}", changed.GetProperty("name").GetString());
        Assert.Equal("stock.location-changed", (await shop.NewestAuditAsync($"location:{id}")).Action);
        Assert.Contains(id, (await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Get, "/stock/locations"))).GetProperty("items").EnumerateArray().Select(l => l.GetProperty("id").GetGuid()));

        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Delete, $"/stock/locations/{id}", reason: "lease ended"));
        Assert.Equal(("stock.location-removed", "staff@shop.test", "lease ended"), await shop.NewestAuditAsync($"location:{id}"));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Get, $"/stock/locations/{id}", null, 404, "stock.location-not-found");
    }

    [Theory]
    [InlineData("""{"name":"","priority":1}""", 400, "request.invalid")]
    [InlineData("""{"name":null,"priority":1}""", 400, "request.malformed")]
    [InlineData("""{"priority":1}""", 400, "request.malformed")]
    [InlineData("""{"name":"x","priority":-1}""", 400, "request.invalid")]
    [InlineData("""{"name":"x","priority":1001}""", 400, "request.invalid")]
    [InlineData("""{"name":"x","priority":"high"}""", 400, "request.malformed")]
    [InlineData("""{"name":"Main warehouse","priority":1}""", 409, "stock.location-name-taken")]
    [InlineData("""{"name":"MAIN warehouse","priority":1}""", 409, "stock.location-name-taken")]
    [InlineData("""{"name":"A\u0000B","priority":1}""", 400, "request.invalid")]
    public async Task What_is_no_location_is_refused_when_it_is_made_and_when_it_is_changed(string body, int status, string code)
    {
        var id = await AddAsync();
        await using var db = shop.Open();
        var before = await db.Locations.CountAsync();
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, "/stock/locations", body, status, code);
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/stock/locations/{id}", body, status, code, tag: await shop.Staff.TagAsync($"/stock/locations/{id}"));
        Assert.Equal(before, await db.Locations.CountAsync());
        Assert.Equal(1, await shop.AuditCountAsync($"location:{id}"));
    }

    [Fact]
    public async Task A_name_of_blanks_or_beyond_its_length_is_refused()
    {
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, "/stock/locations", new { name = "   ", priority = 1 }, 400, "request.invalid");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, "/stock/locations", new { name = new string('x', Location.MaxNameLength + 1), priority = 1 }, 400, "request.invalid");
    }

    [Fact]
    public async Task Of_several_who_rename_a_location_at_once_one_is_heard_and_the_others_are_told() =>
        await shop.Staff.AssertOneOfManyWinsAsync($"/stock/locations/{await AddAsync()}", i => new { name = $"Room {_id}-{i}", priority = i });

    [Fact]
    public async Task Where_stock_lies_or_did_lie_is_not_taken_away()
    {
        var id = await AddAsync();
        var variant = await shop.AddGoodsAsync(stock: 3);
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/transfers", new { fromId = Location.MainId, toId = id, quantity = 1 }));
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/transfers", new { fromId = id, toId = Location.MainId, quantity = 1 }));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Delete, $"/stock/locations/{id}", null, 409, "stock.location-in-use");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Delete, $"/stock/locations/{Location.MainId}", null, 409, "stock.location-in-use");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Delete, $"/stock/locations/{Guid.NewGuid()}", null, 404, "stock.location-not-found");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/stock/locations/{Guid.NewGuid()}", new { name = "x", priority = 1 }, 404, "stock.location-not-found", tag: "*");
        Assert.Equal(1, await shop.AuditCountAsync($"location:{id}"));
    }

    private async Task<Guid> AddAsync() =>
        (await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/stock/locations", new { name = $"Loft {Guid.NewGuid():N}", priority = 9 }))).GetProperty("id").GetGuid();
}

file static class Following
{
    public static Task<JsonElement> GetFromLocationAsync(this HttpClient client, HttpResponseMessage made) => ShopApi.OkAsync(client.GetAsync(made.Headers.Location));
}
