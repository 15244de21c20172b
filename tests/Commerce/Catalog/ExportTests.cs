using System.Net;
using System.Net.Sockets;
using System.Text;
using Commerce;
using Commerce.Catalog.Import;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Tests.Fixture;

namespace Tests.Commerce.Catalog;

/// <summary>Two shops: what one writes, the other reads.</summary>
public class ExportTests(TestShop shop, PostgresFixture postgres) : IClassFixture<TestShop>
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGOQs4mCIAY4CwAo3AQ5jwAmcgAAAABJRU5ErkJggg==");

    private const string Csv = """
        Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Image Alt Text,Variant Image,SEO Title,Collection,Status,Paper (product.metafields.custom.paper),Price / USD,Compare At Price / USD,Price / JPY,Price / KWD,Compare At Price / KWD
        tide,"Tide, ""deep"" 水","<p>Two
        lines</p>",Ann,Print,"sea, blue",TRUE,Size,A4,Frame,Oak,T-1,140,7,29.00,35.00,123,one.png,A wave,two.png,Tide for you,Sea,active,Cotton; Linen,31.00,40.00,4900,9.5,12.350
        tide,,,,,,,,A3,,Oak,T-2,150,0,49.00,,,two.png,Another,one.png,,Blue,,,,,4900.0,,
        mug,Mug,,Ben,Mug,,FALSE,Title,Default Title,,,M-1,300,3,19.50,,,,,,,,draft,,,,,,
        old,Old,,Ben,Mug,,FALSE,Title,Default Title,,,O-1,300,3,19.50,,,,,,,,archived,,,,,,
        """;

    [Fact]
    public async Task What_is_exported_imports_to_the_same_here_and_in_another_shop()
    {
        File.WriteAllBytes(Path.Combine(shop.Folder, "one.png"), Png);
        File.WriteAllBytes(Path.Combine(shop.Folder, "two.png"), [.. Png, 1]);
        Assert.Empty((await ImportAsync(shop, Csv, shop.Folder)).Problems);
        var pictures = Path.Combine(shop.Folder, "exported");
        var first = await shop.ExportAsync(pictures);
        foreach (var text in (string[])["水", "Two\nlines", "Cotton; Linen", "31.00,40.00", ",4900,,9.500,12.350", "archived", "draft", "\"sea, blue\"", "A wave"]) Assert.Contains(text, first);

        var versions = await ReadAsync(shop, db => db.Products.OrderBy(p => p.Id).Select(p => new { p.Id, p.Version, p.UpdatedAt }).ToListAsync());
        var changes = await ReadAsync(shop, db => db.Database.SqlQuery<long>($"SELECT count(*) AS \"Value\" FROM catalog_changes").SingleAsync());
        var again = await ImportAsync(shop, first, "");
        Assert.Equal((0, 0, versions.Count, 0, 0), (again.Created, again.Updated, again.Unchanged, again.Images, again.ProblemCount));
        Assert.Equal(versions, await ReadAsync(shop, db => db.Products.OrderBy(p => p.Id).Select(p => new { p.Id, p.Version, p.UpdatedAt }).ToListAsync()));
        Assert.Equal(changes, await ReadAsync(shop, db => db.Database.SqlQuery<long>($"SELECT count(*) AS \"Value\" FROM catalog_changes").SingleAsync()));
        var edited = await ImportAsync(shop, first.Replace(",19.50,", ",19.60,"), "");
        Assert.Equal((2, versions.Count - 2), (edited.Updated, edited.Unchanged));
        Assert.Equal(2, (await ImportAsync(shop, first, "")).Updated);
        Assert.Equal(first, await shop.ExportAsync());

        var other = new TestShop(postgres);
        await other.InitializeAsync();
        try
        {
            Assert.Empty((await ImportAsync(other, first, pictures)).Problems);
            Assert.Equal(first, await other.ExportAsync());
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_spreadsheets_file_with_a_mark_at_its_start_and_its_own_line_ends_is_read_like_any_other()
    {
        var path = Path.Combine(shop.Folder, "bom.csv");
        File.WriteAllText(path, "Handle,Title,Variant Price\r\nbom,\"Two\r\nlines\",10.00\r\n", new UTF8Encoding(true));
        var report = await shop.ImportAsync(path, "");
        Assert.Equal((1, 0), (report.Created, report.ProblemCount));
        await using var db = shop.Open();
        Assert.NotNull((await db.Products.SingleAsync(p => p.Slug == "bom")).PublishedAt);
    }

    [Fact]
    public async Task A_large_file_with_broken_quotes_is_read_to_its_end_in_bounded_memory()
    {
        var megabytes = int.TryParse(Environment.GetEnvironmentVariable("BENCH_CSV_MB"), out var wanted) ? wanted : 5;
        var path = Path.Combine(shop.Folder, "broken.csv");
        await using (var file = new StreamWriter(path))
        {
            await file.WriteLineAsync("Handle,Title,Variant Price");
            var line = 0;
            while (file.BaseStream.Position < megabytes * 1024L * 1024) await file.WriteLineAsync(++line % 3 == 0 ? $"h-{line},Ti\"tle {new string('x', 200)},1" : $"h-{line},\"open {new string('x', 200)},1");
            await file.WriteLineAsync("whole,Whole,10.00");
        }
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var report = await shop.ImportAsync(path, "");
        Assert.Equal((1, ImportReport.MaxListed), (report.Created, report.Problems.Count));
        Assert.InRange(report.ProblemCount, 10_000, int.MaxValue);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64L * 1024 * 1024);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("93.184.216.34", true)]
    [InlineData("2606:2800:220:1::1", true)]
    public void Only_public_addresses_are_asked_for_pictures(string address, bool isPublic) => Assert.Equal(isPublic, PublicInternet.Has(IPAddress.Parse(address)));

    [Fact]
    public async Task A_picture_from_this_machine_is_refused_by_its_row_and_one_that_is_too_large_or_none_too()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/a.png");
        var report = await ImportAsync(shop, $"Handle,Title,Variant Price,Image Src\nprivate,Private,1.00,{address}\n", "");
        Assert.Equal((2, "Image Src"), ((int)report.Problems.Single().Line, report.Problems.Single().Column));
        Assert.Contains("not a public address", report.Problems.Single().Reason);
        Assert.False(listener.Pending());

        using var trusted = new PublicHttp(Options.Create(new ImportOptions { PrivateHosts = ["127.0.0.1"] }));
        var serving = ServeAsync(listener, "image/png", 100);
        Assert.Contains("larger", (await Assert.ThrowsAsync<HttpRequestException>(() => trusted.GetAsync(address, 50, CancellationToken.None))).Message);
        await serving;
        serving = ServeAsync(listener, "text/html", 10);
        Assert.Contains("no picture", (await Assert.ThrowsAsync<HttpRequestException>(() => trusted.GetAsync(address, 50, CancellationToken.None))).Message);
        await serving;
        serving = ServeAsync(listener, "image/png", 10);
        Assert.Equal(10, (await trusted.GetAsync(address, 50, CancellationToken.None)).Length);
        await serving;
    }

    private static async Task ServeAsync(TcpListener listener, string type, int length)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        await stream.ReadAtLeastAsync(new byte[4096], 1);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nConnection: close\r\n\r\n{new string('x', length)}"));
    }

    private static async Task<T> ReadAsync<T>(TestShop shop, Func<ShopDb, Task<T>> read)
    {
        await using var db = shop.Open();
        return await read(db);
    }

    private static async Task<ImportReport> ImportAsync(TestShop shop, string csv, string images)
    {
        var path = Path.Combine(shop.Folder, $"{Guid.NewGuid():N}.csv");
        await File.WriteAllTextAsync(path, csv);
        return await shop.ImportAsync(path, images);
    }
}
