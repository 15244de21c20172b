using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Commerce.Audit;
using Commerce.Catalog;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Catalog.Staff;

public class StaffCatalogTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task A_description_that_cannot_be_kept_is_refused_and_a_slug_of_any_script_is_not()
    {
        var deep = string.Concat(Enumerable.Repeat("<div>", 20_000));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, "/products", new { title = "Deep", slug = $"deep-{_id}", descriptionHtml = deep }, 422, "catalogue.description-invalid");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, "/products", new { title = "Long", slug = $"deep-{_id}", descriptionHtml = string.Concat(Enumerable.Repeat("a & b ", 33_000)) }, 422, "catalogue.description-invalid");
        var made = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/products", new { title = "Sugar", slug = $"น้ำตาล-{_id}" }));
        Assert.Equal($"น้ำตาล-{_id}", made.GetProperty("slug").GetString());
    }

    [Fact]
    public async Task A_product_is_made_priced_published_renamed_and_archived_each_step_with_its_line_in_the_audit_trail()
    {
        var (id, etag) = await CreateAsync();
        etag = await shop.Staff.EditAsync(HttpMethod.Post, $"/api/v1/admin/products/{id}/variants", etag, new
        {
            sku = $"S-{_id}",
            weightGrams = 140,
            options = new[] { "A4" },
            prices = new[] { new { currency = "EUR", amountMinor = 2900, compareAtMinor = (int?)3500 }, new { currency = "USD", amountMinor = 3100, compareAtMinor = (int?)null } },
        });
        etag = await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}/publication", etag, new { from = DateTimeOffset.UtcNow.AddMinutes(-1) });
        var shown = await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products/made-{_id}?currency=USD"));
        Assert.Equal(3100, shown.GetProperty("variants")[0].GetProperty("price").GetProperty("amountMinor").GetInt64());
        Assert.Equal("Cotton", shown.GetProperty("attributes")[0].GetProperty("values")[0].GetString());

        etag = await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}", etag, new { title = "Renamed", slug = $"renamed-{_id}" });
        await using var db = shop.Open();
        Assert.Equal(id, (await db.Set<SlugRedirect>().SingleAsync(r => r.Slug == $"made-{_id}")).TargetId.ToString());
        await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}/publication", etag, new { archived = true });
        var actions = await db.Set<AuditEntry>().Where(a => a.Subject == $"product:made-{_id}" || a.Subject == $"product:renamed-{_id}").OrderBy(a => a.Id).Select(a => a.Action).ToListAsync();
        Assert.Equal(["catalogue.product-created", "catalogue.variant-added", "catalogue.product-published", "catalogue.product-changed", "catalogue.product-archived"], actions);
    }

    [Fact]
    public async Task A_description_asks_nobody_for_anything_and_keeps_its_place()
    {
        var (id, etag) = await CreateAsync();
        const string written = """<p style="color: rgba(1, 2, 3, 1); position: fixed">Sea</p><form action="https://evil.example/"><input name="card"></form>""";
        await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}", etag, new { title = "Made", slug = $"made-{_id}", descriptionHtml = written });
        Assert.Equal("""<p style="color: rgba(1, 2, 3, 1)">Sea</p>""", (await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/products/{id}"))).GetProperty("descriptionHtml").GetString());
    }

    [Fact]
    public async Task Two_people_cannot_overwrite_each_other_and_a_guest_cannot_edit_at_all()
    {
        var (id, etag) = await CreateAsync();
        await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}", etag, new { title = "First", slug = $"made-{_id}" });
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await shop.Staff.CallAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}", etag, new { title = "Second", slug = $"made-{_id}" })).StatusCode);
        Assert.Equal((HttpStatusCode)428, (await shop.Staff.CallAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}", null, new { title = "Second", slug = $"made-{_id}" })).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.Client.CallAsync(HttpMethod.Get, $"/api/v1/admin/products/{id}", null, null)).StatusCode);
        Assert.Equal("First", (await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/products/{id}"))).GetProperty("title").GetString());
        var taken = await shop.Staff.CallAsync(HttpMethod.Post, "/api/v1/admin/products", null, new { title = "Twin", slug = $"made-{_id}" });
        Assert.Equal("catalogue.slug-taken", (await taken.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_collection_by_rule_takes_what_meets_its_rules_as_products_and_rules_change()
    {
        var (id, etag) = await CreateAsync(tag: $"Sea {_id}");
        var made = await shop.Staff.CallAsync(HttpMethod.Post, "/api/v1/admin/collections", null, new
        {
            title = "Sea",
            slug = $"sea-{_id}",
            rules = new[] { new { field = "tag", relation = "equals", value = $"sea {_id}" }, new { field = "title", relation = "starts-with", value = "MADE" } },
        });
        var collection = await made.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.Created, "starts-with"), (made.StatusCode, collection.GetProperty("rules")[1].GetProperty("relation").GetString()));
        var number = new { title = "Sea", slug = $"sea-{_id}-2", rules = new[] { new { field = 0, relation = 0, value = "sea" } } };
        Assert.Equal("request.malformed", await shop.Staff.CallAsync(HttpMethod.Post, "/api/v1/admin/collections", null, number).CodeAsync());
        await using var db = shop.Open();
        Task<int> MembersAsync() => db.Set<CollectionProduct>().CountAsync(m => m.Collection.Slug == $"sea-{_id}");
        Assert.Equal(1, await MembersAsync());
        etag = await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}", etag, new { title = "Made", slug = $"made-{_id}" });
        Assert.Equal(0, await MembersAsync());
        await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}", etag, new { title = "Made", slug = $"made-{_id}", tags = new[] { $"SEA {_id}" } });
        Assert.Equal(1, await MembersAsync());
        var byHand = await shop.Staff.CallAsync(HttpMethod.Delete, $"/api/v1/admin/collections/{collection.GetProperty("id").GetString()}/products/{id}", null, null);
        Assert.Equal(HttpStatusCode.Conflict, byHand.StatusCode);
        await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/collections/{collection.GetProperty("id").GetString()}", made.Headers.ETag!.Tag, new
        {
            title = "Sea",
            slug = $"sea-{_id}",
            rules = new[] { new { field = "price", relation = "greater", value = "999999" } },
        });
        Assert.Equal(0, await MembersAsync());
    }

    [Fact]
    public async Task A_picture_is_added_and_what_is_none_is_refused()
    {
        var (id, etag) = await CreateAsync();
        var png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGOQs4mCIAY4CwAo3AQ5jwAmcgAAAABJRU5ErkJggg==");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await UploadAsync("no picture"u8.ToArray(), etag)).StatusCode);
        // Its header says what it is, and the rest is missing or damaged.
        foreach (var broken in (byte[][])[png[..40], png[..60], [.. png[..45], (byte)(png[45] ^ 0xFF), .. png[46..]]])
            Assert.Equal("catalogue.picture-invalid", await UploadAsync(broken, etag).CodeAsync());
        var added = await ShopApi.OkAsync(UploadAsync(png, etag));
        Assert.Equal("A wave", added.GetProperty("pictures")[0].GetProperty("alt").GetString());

        Task<HttpResponseMessage> UploadAsync(byte[] file, string tag)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/admin/products/{id}/pictures?alt=A%20wave") { Content = new ByteArrayContent(file) { Headers = { ContentType = new("image/png") } } };
            request.Headers.TryAddWithoutValidation("If-Match", tag);
            return shop.Staff.SendAsync(request);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_import_answers_at_once_and_tells_its_percentage_and_its_problems_and_the_export_has_it(bool isForm)
    {
        var good = Enumerable.Range(0, 120).Select(i => $"bulk-{_id}-{i},Bulk {i},B-{_id}-{i},10.00\n");
        var csv = $"Handle,Title,Variant SKU,Variant Price\n{string.Concat(good)}bad-{_id},Bad,X-{_id},ten\n";
        var file = new ByteArrayContent(Encoding.UTF8.GetBytes(csv)) { Headers = { ContentType = new("text/csv") } };
        using var form = new MultipartFormDataContent { { new StringContent("x"), "note" }, { file, "file", "bulk.csv" } };
        var run = await shop.Staff.ImportAsync(isForm ? form : file);
        Assert.Equal(("done", 100, 120), (run.GetProperty("state").GetString(), run.GetProperty("percent").GetDouble(), run.GetProperty("created").GetInt32()));
        Assert.Equal((122, "Variant Price"), (run.GetProperty("problems")[0].GetProperty("line").GetInt32(), run.GetProperty("problems")[0].GetProperty("column").GetString()));
        Assert.Contains($"bulk-{_id}-119,Bulk 119,", await shop.Staff.GetStringAsync("/api/v1/admin/exports/products.csv"));
    }

    private async Task<(string Id, string ETag)> CreateAsync(string tag = "sea")
    {
        var attributes = new Dictionary<string, string[]> { ["custom.paper"] = ["Cotton"] };
        var made = await shop.Staff.CallAsync(HttpMethod.Post, "/api/v1/admin/products", null, new
        {
            title = "Made",
            slug = $"made-{_id}",
            tags = new[] { tag },
            optionNames = new[] { "Size" },
            attributes,
        });
        Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return ((await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!, made.Headers.ETag!.Tag);
    }
}
