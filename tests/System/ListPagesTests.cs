using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Tests.System;

/// <summary>Lists of products as shoppers narrow, sort and turn them over, and the addresses that lead to them.</summary>
public sealed partial class ListPagesTests(Stack stack, Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_list_is_narrowed_with_counts_sorted_and_turned_over_with_and_without_JavaScript(bool scripts)
    {
        var page = await browser.NewPageAsync(width: scripts ? 1280 : 390, scripts: scripts);
        await page.GotoAsync(new Uri(stack.Shop, "/products").ToString());
        var all = await CountAsync(page);

        await page.Locator("summary", new() { HasText = "Inks" }).ClickAsync();
        var harbour = page.GetByRole(AriaRole.Link, new() { NameRegex = HarbourAndCount() });
        var promised = NumberIn(await harbour.InnerTextAsync());
        await harbour.ClickAsync();
        await page.WaitForURLAsync("**attribute=custom.inks*");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Remove Harbour" })).ToBeVisibleAsync();
        Assert.Equal(promised, await CountAsync(page));
        Assert.True(promised < all);

        await page.GotoAsync(new Uri(stack.Shop, "/products").ToString());
        await page.Locator("summary", new() { HasText = "Price" }).ClickAsync();
        await page.GetByLabel("From (€)").FillAsync("20");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await page.WaitForURLAsync("**from=20*");
        await page.GetByRole(AriaRole.Link, new() { Name = "Price, low first" }).ClickAsync();
        await page.WaitForURLAsync("**sort=price*");
        var cheapest = await page.Locator("article").First.InnerTextAsync();
        Assert.InRange(decimal.Parse(Euros().Match(cheapest).Groups[1].Value, CultureInfo.InvariantCulture), 20m, 40m);

        var first = await page.Locator("article h2").AllInnerTextsAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "More pieces" }).ClickAsync();
        await page.WaitForURLAsync("**cursor=*");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Back to the start" })).ToBeVisibleAsync();
        Assert.Empty((await page.Locator("article h2").AllInnerTextsAsync()).Intersect(first));
    }

    [Fact]
    public async Task A_renamed_product_and_collection_are_found_at_their_new_address_by_a_308()
    {
        using var staff = await StaffSession.SignInAsync(stack.Shop, stack.AdminPassword);
        var id = Guid.NewGuid().ToString("N")[..8];
        var csv = $"Handle,Title,Variant Price,Variant SKU,Collection\nbefore-{id},Moved {id},10.00,MOVED-{id},Moving {id}\n";
        var run = await staff.ImportAsync(new StringContent(csv, global::System.Text.Encoding.UTF8, "text/csv"));
        Assert.Equal(1, run.GetProperty("created").GetInt32());

        var product = (await staff.GetAsync($"/products?search=MOVED-{id}")).GetProperty("items")[0];
        await staff.SendAsync(HttpMethod.Put, $"/products/{product.GetProperty("id").GetString()}", new { title = $"Moved {id}", slug = $"after-{id}" }, "*");
        var collection = (await staff.GetAsync("/collections?limit=100")).GetProperty("items").EnumerateArray().Single(c => c.GetProperty("slug").GetString() == $"moving-{id}");
        await staff.SendAsync(HttpMethod.Put, $"/collections/{collection.GetProperty("id").GetString()}", new { title = $"Moved {id}", slug = $"moved-{id}" }, "*");

        using var plain = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = stack.Shop };
        foreach (var (old, now) in (IEnumerable<(string, string)>)
            [($"/products/before-{id}?variant=MOVED-{id}", $"/products/after-{id}?variant=MOVED-{id}"), ($"/collections/moving-{id}?sort=price", $"/collections/moved-{id}?sort=price")])
        {
            using var moved = await plain.GetAsync(old);
            Assert.Equal((HttpStatusCode.PermanentRedirect, now), (moved.StatusCode, new Uri(stack.Shop, moved.Headers.Location!).PathAndQuery));
            using var found = await plain.GetAsync(now);
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        }
        // The others count the demo's products.
        await staff.SendAsync(HttpMethod.Put, $"/products/{product.GetProperty("id").GetString()}/publication", new { archived = true }, "*");
    }

    private static async Task<int> CountAsync(IPage page) => NumberIn(await page.GetByText(Pieces()).First.InnerTextAsync());

    private static int NumberIn(string text) => int.Parse(Digits().Match(text).Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\d+ pieces?$")]
    private static partial Regex Pieces();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"^Harbour\s*\d+$")]
    private static partial Regex HarbourAndCount();

    [GeneratedRegex(@"€([\d.]+)")]
    private static partial Regex Euros();
}
