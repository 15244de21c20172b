using System.Net;
using System.Text;
using Commerce.Audit;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Catalog.Staff;

public class AttributesTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private readonly string _key = $"custom.height_{Guid.NewGuid():N}"[..28];

    [Fact]
    public async Task An_attribute_becomes_a_number_with_ranges_is_renamed_and_put_out_of_sight()
    {
        await AddAsync("9.5", "12", "30");
        var (id, etag) = await ReadAsync();
        etag = await shop.Staff.EditAsync(HttpMethod.Put, id, etag, new { label = "Height (cm)", type = "number", filterable = true });
        Assert.Equal(2, (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products?attribute={_key}:..12"))).GetProperty("items").GetArrayLength());
        await UntilAsync(async () => (await FacetAsync())?.GetProperty("label").GetString() == "Height (cm)");
        var line = (await shop.Staff.ReadAsync("/attributes")).GetProperty("items").EnumerateArray().Single(a => a.GetProperty("key").GetString() == _key);
        Assert.Equal(("number", 3), (line.GetProperty("type").GetString(), line.GetProperty("productCount").GetInt32()));

        await shop.Staff.EditAsync(HttpMethod.Put, id, etag, new { label = "Height (cm)", type = "text", filterable = false });
        await UntilAsync(async () => await FacetAsync() is null);
        Assert.Empty((await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products?attribute={_key}:..12"))).GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await shop.Staff.CallAsync(HttpMethod.Put, id, etag, new { label = "Lost", type = "text", filterable = true })).StatusCode);
        await using var db = shop.Open();
        Assert.Equal(2, await db.Set<AuditEntry>().CountAsync(a => a.Subject == $"attribute:{_key}"));
    }

    [Fact]
    public async Task A_type_that_a_value_is_not_of_is_refused_and_nothing_changes()
    {
        await AddAsync("9.5", "tall");
        var (id, etag) = await ReadAsync();
        Assert.Equal("catalogue.attribute-invalid", await shop.Staff.CallAsync(HttpMethod.Put, id, etag, new { label = "Height", type = "number", filterable = true }).CodeAsync());
        Assert.Equal((id, etag), await ReadAsync());
        Assert.Equal("catalogue.attribute-not-found", await shop.Staff.CallAsync(HttpMethod.Put, "/api/v1/admin/attributes/custom.none", etag, new { label = "None", type = "text", filterable = true }).CodeAsync());
    }

    private async Task AddAsync(params string[] values)
    {
        var rows = values.Select((value, i) => $"{_key.Replace("custom.", "p-")}-{i},Piece {i},10.00,{value}\n");
        var csv = $"Handle,Title,Variant Price,Height (product.metafields.{_key})\n{string.Concat(rows)}";
        var run = await shop.Staff.PostAsync("/api/v1/admin/imports", new StringContent(csv, Encoding.UTF8, "text/csv"));
        await UntilAsync(async () => (await ShopApi.OkAsync(shop.Staff.GetAsync(run.Headers.Location))).GetProperty("state").GetString() == "done");
    }

    private async Task<(string Path, string ETag)> ReadAsync() => ($"/api/v1/admin/attributes/{_key}", await shop.Staff.TagAsync($"/attributes/{_key}"));

    private async Task<System.Text.Json.JsonElement?> FacetAsync()
    {
        var facets = (await ShopApi.OkAsync(shop.Client.GetAsync("/api/v1/facets"))).GetProperty("items").EnumerateArray().Where(f => f.GetProperty("name").GetString() == _key).ToList();
        return facets.Count == 0 ? null : facets[0];
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var tries = 0; !await isSo(); tries++, await Task.Delay(50)) Assert.True(tries < 600, "It did not come true.");
    }
}
