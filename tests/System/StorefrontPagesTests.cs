using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Playwright;

namespace Tests.System;

/// <summary>The pages as search engines, screen readers and slow connections meet them: built for production, behind the edge.</summary>
public sealed partial class StorefrontPagesTests(Stack stack, Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = stack.Shop, Timeout = TimeSpan.FromMinutes(1) };

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Axe_finds_nothing_from_the_home_page_to_the_paid_order(ColorScheme colors, int width)
    {
        var shopper = new Shopper(stack.Shop, await browser.NewPageAsync(colors, width));
        var broken = new List<string>();
        foreach (var path in (string[])["/", "/products", "/products?attribute=custom.inks:Harbour&from=5&sort=price", "/collections", "/about", "/products/no-such-thing", "/basket"])
        {
            await shopper.Page.GotoAsync(new Uri(stack.Shop, path).ToString());
            await LookAsync(path);
        }

        await shopper.PutSomethingIntoTheBasketAsync();
        await LookAsync("product");
        await shopper.Page.GotoAsync(new Uri(stack.Shop, "/basket").ToString());
        await LookAsync("filled basket");
        await shopper.Page.GotoAsync(new Uri(stack.Shop, "/checkout").ToString());
        await shopper.Page.GetByRole(AriaRole.Button, new() { Name = "Place order and pay" }).ClickAsync();
        await LookAsync("checkout that lacks everything");
        await shopper.PlaceTheOrderAsync();
        await shopper.PayAsync(Shopper.GoodCard);
        await shopper.SeeThePaidOrderAsync();
        await LookAsync("order");

        Assert.True(broken.Count == 0, string.Join('\n', broken));

        async Task LookAsync(string where) =>
            broken.AddRange((await shopper.AccessibilityViolationsAsync()).Select(violation => $"{where}: {violation}"));
    }

    [Theory]
    [InlineData("/products/no-such-thing")]
    [InlineData("/collections/no-such-thing")]
    [InlineData("/orders/OG-NONE-NONE?key=none")]
    [InlineData("/products?type=No+such+kind")]
    [InlineData("/no-such-address")]
    public async Task What_is_not_there_is_said_in_HTML_that_needs_no_script(string path)
    {
        var answer = await _client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("<h1", page);
        Assert.Contains("Nothing grew here.", page);
        Assert.DoesNotContain("No such kind</h1>", page);
    }

    [Theory]
    [InlineData("/orders/OG-NONE-NONE?key=%00", "a=b", HttpStatusCode.NotFound, "Nothing grew here.")]
    [InlineData("/basket", "basket=%00", HttpStatusCode.OK, "Your basket is empty")]
    [InlineData("/checkout", "basket=%00", HttpStatusCode.OK, "Your basket is empty")]
    [InlineData("/account", "session=%00", HttpStatusCode.OK, "Sign in")]
    public async Task An_address_or_a_cookie_that_cannot_name_anything_names_nothing(string path, string cookie, HttpStatusCode status, string words)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", cookie);
        using var answer = await _client.SendAsync(request);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_page_of_a_list_that_is_not_this_one_is_its_first()
    {
        var answer = await _client.GetAsync("/products?type=Cards&cursor=garbage");
        Assert.Equal((HttpStatusCode.OK, "/products?type=Cards"), (answer.StatusCode, answer.RequestMessage!.RequestUri!.PathAndQuery));
    }

    [Fact]
    public async Task A_piece_and_a_collection_with_names_of_any_script_have_their_pages_and_old_names_lead_to_them()
    {
        using var staff = await StaffSession.SignInAsync(stack.Shop, stack.AdminPassword);
        var id = Guid.NewGuid().ToString("N")[..8];
        using var csv = new StringContent($"Handle,Title,Variant Price,Collection\nน้ำตาล-{id},Zucker,1.00,Größe {id}\n", Encoding.UTF8, "text/csv");
        var run = await staff.ImportAsync(csv);
        Assert.Equal(0, run.GetProperty("problemCount").GetInt32());
        foreach (var path in new[] { $"/products/{Uri.EscapeDataString($"น้ำตาล-{id}")}", $"/collections/{Uri.EscapeDataString($"große-{id}")}" })
        {
            await Until200Async(path);
            var page = await _client.GetStringAsync(path);
            Assert.Contains("Zucker", page);
            Assert.Contains($"<link rel=\"canonical\" href=\"{new Uri(stack.Shop, path).AbsoluteUri}\"", page);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync($"/products/{Uri.EscapeDataString("ไม่มี")}")).StatusCode);

        var made = (await staff.GetAsync($"/products?search={id}")).GetProperty("items")[0].GetProperty("id").GetString();
        var etag = (await staff.SendAsync(HttpMethod.Put, $"/products/{made}", new { title = "Zucker", slug = $"zucker-größe-{id}" }, "*")).ETag;
        Assert.NotNull(etag);
        await Until200Async($"/products/{Uri.EscapeDataString($"zucker-größe-{id}")}");
        var moved = await _client.GetAsync($"/products/{Uri.EscapeDataString($"น้ำตาล-{id}")}");
        Assert.Equal($"/products/{Uri.EscapeDataString($"zucker-größe-{id}")}", moved.RequestMessage!.RequestUri!.AbsolutePath);
        await staff.SendAsync(HttpMethod.Put, $"/products/{made}/publication", new { archived = true }, "*");

        async Task Until200Async(string path)
        {
            for (var tries = 0; tries < 100 && (await _client.GetAsync(path)).StatusCode != HttpStatusCode.OK; tries++) await Task.Delay(100);
            Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(path)).StatusCode);
        }
    }

    [Fact]
    public async Task Nothing_is_wider_than_a_phone()
    {
        var page = await browser.NewPageAsync(width: 360);
        foreach (var path in (string[])["/", "/products", "/products?attribute=custom.inks:Harbour&attribute=custom.inks:Fjord&available=true", await AProductAsync(), "/basket", "/checkout", "/about"])
        {
            await page.GotoAsync(new Uri(stack.Shop, path).ToString());
            var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            Assert.True(width <= 360, $"{path} is {width} px wide.");
        }
    }

    [Fact]
    public async Task The_keyboard_alone_gets_from_the_product_into_the_basket()
    {
        var page = await browser.NewPageAsync();
        await page.GotoAsync(new Uri(stack.Shop, await AProductAsync()).ToString());
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator(":focus")).ToHaveTextAsync("Skip to the content");

        var button = page.GetByRole(AriaRole.Button, new() { NameRegex = AddToBasket() });
        for (var pressed = 0; pressed < 60 && !await button.EvaluateAsync<bool>("it => it === document.activeElement"); pressed++)
            await page.Keyboard.PressAsync("Tab");
        Assert.True(await button.EvaluateAsync<bool>("it => it === document.activeElement"), "Tab never reaches the button.");

        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText(InTheBasket()).First).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("/products/no-such-thing")]
    [InlineData("/collections/no-such-thing")]
    [InlineData("/no-such-page")]
    public async Task What_does_not_exist_is_a_404_that_no_search_engine_keeps(string path)
    {
        using var answer = await _client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("noindex", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_product_page_says_in_its_markup_what_is_sold_for_how_much()
    {
        var path = await AProductAsync();
        var page = await _client.GetStringAsync(path);
        var product = JsonDocument.Parse(JsonLd().Matches(page).Select(found => found.Groups[1].Value)
            .Single(text => text.Contains("\"Product\"", StringComparison.Ordinal))).RootElement;
        using var fromApi = JsonDocument.Parse(await _client.GetStringAsync($"/api/v1{path}"));

        Assert.Equal(fromApi.RootElement.GetProperty("title").GetString(), product.GetProperty("name").GetString());
        var variants = fromApi.RootElement.GetProperty("variants");
        Assert.Equal(variants.GetArrayLength(), product.GetProperty("offers").GetArrayLength());
        foreach (var (variant, offer) in variants.EnumerateArray().Zip(product.GetProperty("offers").EnumerateArray()))
        {
            var price = variant.GetProperty("price");
            Assert.Equal(price.GetProperty("currency").GetString(), offer.GetProperty("priceCurrency").GetString());
            Assert.Equal(price.GetProperty("amountMinor").GetInt64(), (long)(decimal.Parse(offer.GetProperty("price").ToString(), global::System.Globalization.CultureInfo.InvariantCulture) * 100));
            Assert.StartsWith("https://schema.org/", offer.GetProperty("availability").GetString(), StringComparison.Ordinal);
        }

        Assert.Contains($"<link rel=\"canonical\" href=\"{new Uri(stack.Shop, path)}\"", page, StringComparison.Ordinal);
        Assert.Contains("<h1", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_picture_has_its_size_and_modern_formats_that_are_really_served()
    {
        var page = await _client.GetStringAsync(await AProductAsync());
        var pictures = Picture().Matches(page).Select(found => found.Value).ToList();
        Assert.NotEmpty(pictures);
        Assert.All(pictures, picture =>
        {
            Assert.Contains("type=\"image/avif\"", picture, StringComparison.Ordinal);
            Assert.Contains("type=\"image/webp\"", picture, StringComparison.Ordinal);
            Assert.Matches("<img[^>]* width=\"\\d+\"[^>]* height=\"\\d+\"", picture);
        });

        var hash = MediaHash().Match(page).Groups[1].Value;
        foreach (var (extension, type) in (IEnumerable<(string, string)>)[("avif", "image/avif"), ("webp", "image/webp"), ("jpg", "image/jpeg")])
        {
            using var answer = await _client.GetAsync($"/media/{hash}/320.{extension}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains("immutable", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_sitemap_names_every_product_and_robots_names_the_sitemap()
    {
        var robots = await _client.GetStringAsync("/robots.txt");
        Assert.Contains($"Sitemap: {new Uri(stack.Shop, "/sitemap.xml")}", robots, StringComparison.Ordinal);
        Assert.Contains("Disallow: /checkout", robots, StringComparison.Ordinal);

        var urls = XDocument.Parse(await _client.GetStringAsync("/sitemap.xml")).Descendants()
            .Where(element => element.Name.LocalName == "loc").Select(element => element.Value).ToList();
        var products = urls.Where(url => url.StartsWith(new Uri(stack.Shop, "/products/").ToString(), StringComparison.Ordinal)).ToList();
        Assert.True(products.Count >= 200, $"{products.Count} products");
        Assert.Equal(products.Distinct(), products);
        using var last = await _client.GetAsync(products[^1]);
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
    }

    /// <summary>The first product the home page links to.</summary>
    private async Task<string> AProductAsync() => ProductLink().Match(await _client.GetStringAsync("/")).Groups[1].Value;

    [GeneratedRegex("href=\"(/products/[a-z0-9-]+)\"")]
    private static partial Regex ProductLink();

    [GeneratedRegex("<script type=\"application/ld\\+json\"[^>]*>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex JsonLd();

    [GeneratedRegex("<picture.*?</picture>", RegexOptions.Singleline)]
    private static partial Regex Picture();

    [GeneratedRegex("/media/([0-9a-f]{64})/")]
    private static partial Regex MediaHash();

    [GeneratedRegex("add to basket", RegexOptions.IgnoreCase)]
    private static partial Regex AddToBasket();

    [GeneratedRegex("in your basket|added", RegexOptions.IgnoreCase)]
    private static partial Regex InTheBasket();
}
