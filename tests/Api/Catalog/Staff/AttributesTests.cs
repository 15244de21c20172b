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

    [Fact]
    public async Task An_attribute_is_taken_from_one_product_by_its_value_and_then_from_all()
    {
        await AddAsync("Cotton", "Cotton; Linen");
        var (id, etag) = await ReadAsync();
        var path = $"/products/{await ProductAsync(1)}";
        await shop.Staff.AssertRefusedAsync(HttpMethod.Delete, $"{path}/attributes/{_key}", null, 428, "request.precondition-required");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Delete, $"{path}/attributes/{_key}?value=Silk", null, 404, "catalogue.attribute-not-found", await shop.Staff.TagAsync(path));
        Assert.Equal(["Cotton", "Linen"], Values(await shop.Staff.ReadAsync(path)));
        await UntilAsync(async () => await FacetValuesAsync() == "Cotton:2 Linen:1");
        var before = await shop.Staff.TagAsync(path);
        Assert.Equal(["Linen"], Values(await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Delete, $"{path}/attributes/{_key}?value=Cotton", null, before))));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Delete, $"{path}/attributes/{_key}", null, 412, "request.precondition-failed", before);
        Assert.Equal("because", (await shop.NewestAuditAsync($"product:{Slug(1)}")).Why);
        await UntilAsync(async () => await FacetValuesAsync() == "Cotton:1 Linen:1");
        Assert.Equal(1, await ShownAsync());

        var seen = await shop.Staff.TagAsync(path);
        await shop.Staff.AssertRefusedAsync(HttpMethod.Delete, $"/attributes/{_key}", null, 428, "request.precondition-required");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Delete, $"/attributes/{_key}", null, 412, "request.precondition-failed", "\"older\"");
        Assert.Equal(HttpStatusCode.NoContent, (await shop.Staff.AskAsync(HttpMethod.Delete, $"/attributes/{_key}", null, etag)).StatusCode);
        Assert.Equal(("catalogue.attribute-removed", "staff@shop.test", "because"), await shop.NewestAuditAsync($"attribute:{_key}"));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Delete, $"/attributes/{_key}", null, 404, "catalogue.attribute-not-found", etag);
        await UntilAsync(async () => await FacetAsync() is null && await ShownAsync() == 0);
        Assert.Empty(Values(await shop.Staff.ReadAsync(path)));
        // Whoever still sees the attribute on a product cannot bring it back by saving that.
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, path, Product(1), 412, "request.precondition-failed", seen);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Staff.GetAsync(id)).StatusCode);
    }

    [Fact]
    public async Task While_an_attribute_goes_products_that_are_to_have_it_are_made_with_it_or_refused()
    {
        await AddAsync("Cotton");
        var made = Enumerable.Range(1, 12).Select(i => shop.Staff.AskAsync(HttpMethod.Post, "/products", Product(i))).ToList();
        var gone = shop.Staff.AskAsync(HttpMethod.Delete, $"/attributes/{_key}", null, "*");
        Assert.Equal(HttpStatusCode.NoContent, (await gone).StatusCode);
        foreach (var answer in await Task.WhenAll(made))
            Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Only_staff_and_machines_of_the_catalogue_take_attributes_away()
    {
        await AddAsync("Cotton");
        using var reader = await shop.MachineAsync("catalog:read", "stock:write");
        foreach (var path in (string[])[$"/attributes/{_key}", $"/products/{await ProductAsync(0)}/attributes/{_key}"])
        {
            await shop.Client.AssertRefusedAsync(HttpMethod.Delete, path, null, 401, "accounts.sign-in-needed", "*");
            await reader.AssertRefusedAsync(HttpMethod.Delete, path, null, 403, "accounts.forbidden", "*");
        }
        await UntilAsync(async () => await FacetValuesAsync() == "Cotton:1");
    }

    private string Slug(int index) => $"{_key.Replace("custom.", "p-")}-{index}";

    private object Product(int index) => new { title = "Made", slug = $"{Slug(index)}-made", attributes = new Dictionary<string, string[]> { [_key] = ["Cotton"] } };

    private async Task<Guid> ProductAsync(int index)
    {
        await using var db = shop.Open();
        return await db.Products.Where(p => p.Slug == Slug(index)).Select(p => p.Id).SingleAsync();
    }

    private IEnumerable<string?> Values(System.Text.Json.JsonElement product) =>
        product.GetProperty("attributes").TryGetProperty(_key, out var values) ? values.EnumerateArray().Select(v => v.GetString()) : [];

    /// <summary>How many values of the attribute the second product shows shoppers.</summary>
    private async Task<int> ShownAsync() => (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products/{Slug(1)}"))).GetProperty("attributes").EnumerateArray()
        .Where(a => a.GetProperty("key").GetString() == _key).Sum(a => a.GetProperty("values").GetArrayLength());

    private async Task<string> FacetValuesAsync() => await FacetAsync() is { } facet
        ? string.Join(' ', facet.GetProperty("values").EnumerateArray().Select(v => $"{v.GetProperty("value").GetString()}:{v.GetProperty("count").GetInt32()}").Order())
        : "";

    private async Task AddAsync(params string[] values)
    {
        var rows = values.Select((value, i) => $"{Slug(i)},Piece {i},10.00,{value}\n");
        var csv = $"Handle,Title,Variant Price,Height (product.metafields.{_key})\n{string.Concat(rows)}";
        Assert.Equal("done", (await shop.Staff.ImportAsync(new StringContent(csv, Encoding.UTF8, "text/csv"))).GetProperty("state").GetString());
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
