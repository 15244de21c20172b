using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Catalog.Staff;

/// <summary>Product files sent over the API together with their pictures.</summary>
public class ImportUploadTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGOQs4mCIAY4CwAo3AQ5jwAmcgAAAABJRU5ErkJggg==");

    private readonly string _slug = $"p-{Guid.NewGuid():N}";

    [Theory]
    [InlineData("zip")]
    [InlineData("form")]
    [InlineData("zip in a form")]
    public async Task Pictures_come_with_the_file_that_names_them_and_serve_a_later_file_by_their_hash(string how)
    {
        var csv = Encoding.UTF8.GetBytes($"Handle,Title,Variant Price,Image Src,Image Alt Text\n{_slug},Wave,10.00,art/wave.png,A wave\n");
        using HttpContent body = how switch
        {
            "zip" => Typed(Zip(("shop/products.csv", csv), ("shop/art/wave.png", Png), ("__MACOSX/shop/._products.csv", Png)), "application/zip"),
            "form" => new MultipartFormDataContent { { Typed(Png, "image/png"), "picture", "art/wave.png" }, { Typed(csv, "text/csv"), "file", "products.csv" } },
            _ => new MultipartFormDataContent { { Typed(Zip(("products.csv", csv), ("art/wave.png", Png)), "application/zip"), "file", "shop.zip" } },
        };
        var run = await ImportAsync(body);
        Assert.Equal((1, 0), (run.GetProperty("created").GetInt32(), run.GetProperty("problemCount").GetInt32()));
        var picture = (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products/{_slug}"))).GetProperty("images")[0];
        Assert.Equal("A wave", picture.GetProperty("alt").GetString());

        var hash = picture.GetProperty("hash").GetString();
        var later = await ImportAsync(Typed(Encoding.UTF8.GetBytes($"Handle,Title,Variant Price,Image Src\n{_slug}-2,Second,10.00,{hash}.png\n{_slug}-3,Third,10.00,nowhere.png\n"), "text/csv"));
        Assert.Equal((2, "Image Src"), (later.GetProperty("created").GetInt32(), later.GetProperty("problems")[0].GetProperty("column").GetString()));
        Assert.Equal(hash, (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products/{_slug}-2"))).GetProperty("images")[0].GetProperty("hash").GetString());
    }

    [Fact]
    public async Task A_zip_that_is_none_climbs_out_or_has_no_csv_is_refused_and_nothing_is_imported()
    {
        var csv = Encoding.UTF8.GetBytes($"Handle,Title,Variant Price\n{_slug},Wave,10.00\n");
        Assert.Equal("imports.archive-invalid", await SendAsync("no zip"u8.ToArray()).CodeAsync());
        Assert.Equal("imports.archive-invalid", await SendAsync(Zip(("products.csv", csv), ("../../evil.png", Png))).CodeAsync());
        Assert.Equal("imports.archive-invalid", await SendAsync(Zip(("products.csv", csv), ("a", Png), ("a/b", Png))).CodeAsync());
        Assert.Equal("imports.archive-invalid", await SendAsync(Zip(("products.csv", csv), (new string('n', 300), Png))).CodeAsync());
        var deep = string.Concat(Enumerable.Repeat($"{new string('d', 200)}/", 30));
        Assert.Equal("imports.archive-invalid", await SendAsync(Zip(("products.csv", csv), ($"{deep}wave.png", Png))).CodeAsync());
        Assert.Equal("imports.file-missing", await SendAsync(Zip(("wave.png", Png))).CodeAsync());
        foreach (var name in (string[])[$"{new string('n', 300)}.zip", $"{deep}products.csv"])
        {
            using var named = new MultipartFormDataContent { { Path.GetExtension(name) == ".zip" ? Typed(Zip(("products.csv", csv)), "application/zip") : Typed(csv, "text/csv"), "file", name } };
            Assert.Equal("imports.archive-invalid", await shop.Staff.PostAsync("/api/v1/admin/imports", named).CodeAsync());
        }
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Client.GetAsync($"/api/v1/products/{_slug}")).StatusCode);

        Task<HttpResponseMessage> SendAsync(byte[] file) => shop.Staff.PostAsync("/api/v1/admin/imports", Typed(file, "application/zip"));
    }

    [Fact]
    public async Task Two_product_files_in_one_upload_are_refused_by_name_and_neither_is_imported()
    {
        var (first, second) = (Encoding.UTF8.GetBytes($"Handle,Title,Variant Price\n{_slug},Wave,10.00\n"), Encoding.UTF8.GetBytes($"Handle,Title,Variant Price\n{_slug}-2,Second,10.00\n"));
        foreach (var body in (HttpContent[])
        [
            Typed(Zip(("a.csv", first), ("shop/b.csv", second)), "application/zip"),
            new MultipartFormDataContent { { Typed(first, "text/csv"), "file", "a.csv" }, { Typed(Zip(("shop/b.csv", second)), "application/zip"), "file", "b.zip" } },
        ])
        {
            var answer = await shop.Staff.PostAsync("/api/v1/admin/imports", body);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "imports.archive-invalid"), (answer.StatusCode, problem.GetProperty("code").GetString()));
            Assert.Contains("'a.csv' and 'shop/b.csv'", problem.GetProperty("detail").GetString());
        }
        await using var db = shop.Open();
        Assert.False(await db.Products.AnyAsync(p => p.Slug.StartsWith(_slug)));
    }

    [Fact]
    public async Task A_small_zip_that_unpacks_to_too_much_is_refused()
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var entry = archive.CreateEntry("products.csv").Open();
            var block = new byte[1024 * 1024];
            for (var i = 0; i <= 200; i++) await entry.WriteAsync(block);
        }
        Assert.True(packed.Length < 1024 * 1024);
        Assert.Equal("imports.file-too-large", await shop.Staff.PostAsync("/api/v1/admin/imports", Typed(packed.ToArray(), "application/zip")).CodeAsync());
    }

    [Theory]
    [InlineData("x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.csv\"\r\n\r\nHandle,Ti", "imports.upload-broken")]
    [InlineData("x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.zip\"\r\n\r\nPK", "imports.upload-broken")]
    [InlineData("x", "--x\r\nno colon\r\n\r\nHandle\r\n--x--\r\n", "request.malformed")]
    [InlineData("x", "nothing of it", "request.malformed")]
    [InlineData("x", "", "request.malformed")]
    [InlineData("", "--\r\n", "request.malformed")]
    [InlineData(null, "--x--", "request.malformed")]
    [InlineData("300", "--x--", "request.malformed")]
    public async Task A_form_that_is_none_is_refused_with_a_code(string? boundary, string form, string code)
    {
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes(form));
        body.Headers.TryAddWithoutValidation("Content-Type", boundary switch { null => "multipart/form-data", "300" => $"multipart/form-data; boundary={new string('x', 300)}", _ => $"multipart/form-data; boundary=\"{boundary}\"" });
        var answer = await shop.Staff.PostAsync("/api/v1/admin/imports", body);
        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.StatusCode, await Task.FromResult(answer).CodeAsync()));
    }

    [Theory]
    [InlineData("Variant Inventory Qty", "777")]
    [InlineData("Inventory quantity", "777")]
    [InlineData("shop: STOCK / #", "")]
    [InlineData("Shop: Stock / #", "")]
    [InlineData("Shop: Components", "")]
    public async Task A_key_without_the_scope_imports_no_stock_and_one_that_has_it_is_in_the_trail_with_its_reason(string column, string cell)
    {
        var csv = Encoding.UTF8.GetBytes($"Handle,Title,Variant Price,{column.Replace("#", _slug)}\n{_slug},Wave,10.00,{cell}\n");
        foreach (var file in (ByteArrayContent[])[Typed(csv, "text/csv"), Typed(Zip(("products.csv", csv)), "application/zip")])
        {
            var refused = await SendAsync("catalog:write", file);
            Assert.Equal((HttpStatusCode.Forbidden, "accounts.forbidden"), (refused.StatusCode, await Task.FromResult(refused).CodeAsync()));
        }
        await using var db = shop.Open();
        Assert.Equal((false, false), (await db.Products.AnyAsync(p => p.Slug == _slug), await db.Locations.AnyAsync(l => l.Name == _slug)));
        Assert.Equal(1, (await ImportAsync(Typed(Encoding.UTF8.GetBytes($"Handle,Title,Variant Price\n{_slug}-2,Wave,10.00\n"), "text/csv"), "catalog:write")).GetProperty("created").GetInt32());

        var run = await ImportAsync(Typed(csv, "text/csv"), "catalog:write", "stock:write");
        var lines = await db.AuditEntries.Where(a => a.Subject == $"import:{run.GetProperty("id").GetString()}").OrderBy(a => a.Id).ToListAsync();
        Assert.Equal([("catalogue.import-started", "robot", "a new place"), ("catalogue.imported", "robot", "a new place")], lines.Select(a => (a.Action, a.ActorName, a.Reason)));
        var counts = JsonDocument.Parse(lines[1].Details!).RootElement;
        Assert.Equal((1, 0, 0), (counts.GetProperty("created").GetInt32(), counts.GetProperty("updated").GetInt32(), counts.GetProperty("problems").GetInt32()));
        if (await db.Locations.SingleOrDefaultAsync(l => l.Name == _slug) is { } place)
            Assert.Equal(("stock.location-added", "robot", "a new place"), await shop.NewestAuditAsync($"location:{place.Id}"));
    }

    private async Task<HttpResponseMessage> SendAsync(string scope, HttpContent body) => await (await MachineAsync(scope)).PostAsync("/api/v1/admin/imports", body);

    private async Task<HttpClient> MachineAsync(params string[] scopes)
    {
        var machine = await shop.MachineAsync(scopes);
        machine.DefaultRequestHeaders.Add("X-Reason", Uri.EscapeDataString("a new place"));
        return machine;
    }

    private async Task<JsonElement> ImportAsync(HttpContent body, params string[] scopes) => await shop.Staff.ImportAsync(body, scopes is [] ? null : await MachineAsync(scopes));

    private static ByteArrayContent Typed(byte[] file, string type) => new(file) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

    private static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        return packed.ToArray();
    }
}
