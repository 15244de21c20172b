using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Tests.System.Drills;

/// <summary>A shop that begins without the demo, and is filled by its owner.</summary>
public sealed class EmptyShopTests(Stack stack, Browser browser) : IClassFixture<Browser>, IDisposable
{
    private static readonly TimeSpan WarmStart = TimeSpan.FromMinutes(5);
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGOQs4mCIAY4CwAo3AQ5jwAmcgAAAABJRU5ErkJggg==");

    private readonly string _state = PublicTemporaryFolder.Create("oddgrain-empty-");

    [Fact]
    public async Task An_empty_shop_opens_without_the_demo_and_one_zip_fills_it()
    {
        Assert.NotNull(stack.Shop); // has fetched and built everything
        await using var appHost = AppHostProcess.Start(_state, arguments: "--Shop:Demo=false");
        await appHost.WaitForShopAsync(WarmStart);
        var shopper = new Shopper(appHost.Shop, await browser.NewPageAsync());
        foreach (var path in (string[])["/", "/products", "/collections", "/basket", "/sitemap.xml"])
        {
            var answer = await shopper.Page.GotoAsync(new Uri(appHost.Shop, path).ToString());
            Assert.Equal(200, answer!.Status);
            if (path != "/sitemap.xml") Assert.Empty(await shopper.AccessibilityViolationsAsync());
        }
        await shopper.Page.GotoAsync(appHost.Shop.ToString());
        Assert.Equal(0, await shopper.Page.Locator("a[href^='/products/']").CountAsync());

        using var staff = await StaffSession.SignInAsync(appHost.Shop, await File.ReadAllTextAsync(Path.Combine(_state, "secrets", "admin")));
        var run = await staff.ImportAsync(Zip(("products.csv", "Handle,Title,Type,Variant Price,Variant Inventory Qty,Variant Inventory Tracker,Image Src,Image Alt Text\nwave,Wave,Prints,10.00,5,shopify,wave.png,A wave\n"u8.ToArray()), ("wave.png", Png)));
        Assert.Equal((1, 0), (run.GetProperty("created").GetInt32(), run.GetProperty("problemCount").GetInt32()));
        await shopper.Page.GotoAsync(new Uri(appHost.Shop, "/products").ToString());
        Assert.Contains("Wave", await shopper.Page.Locator("article").First.InnerTextAsync(), StringComparison.Ordinal);
        using var client = new HttpClient { BaseAddress = appHost.Shop };
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/products/wave")).StatusCode);
    }

    public void Dispose() => Directory.Delete(_state, recursive: true);

    private static ByteArrayContent Zip(params (string Name, byte[] Content)[] files)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        return new ByteArrayContent(packed.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
    }
}
