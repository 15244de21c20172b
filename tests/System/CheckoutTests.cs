using Microsoft.Playwright;

namespace Tests.System;

/// <summary>The checkout as people fill it in: with something wrong at first, for another country, with another way of sending, and without scripts.</summary>
public sealed class CheckoutTests(Stack stack, Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_way_of_sending_that_was_chosen_survives_a_wrong_field_and_is_ordered(bool scripts)
    {
        var (page, _) = await FilledAsync(scripts, "DE", postalCode: "1");
        var express = page.GetByLabel("Express delivery", new() { Exact = false });
        await express.CheckAsync();
        await PlaceAsync(page);

        await Assertions.Expect(page.GetByText("Please correct the fields below.")).ToBeVisibleAsync();
        await Assertions.Expect(express).ToBeCheckedAsync();
        var total = await TotalAsync(page);
        await page.Locator("#postalCode").FillAsync("10115");
        await PlaceAsync(page);

        await page.WaitForURLAsync("**/c/pay/**");
        var bill = await page.Locator("body").InnerTextAsync();
        Assert.Contains("Express delivery", bill, StringComparison.Ordinal);
        Assert.Contains(total, bill, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wrong_field_leaves_the_country_with_its_fields_and_its_total(bool scripts)
    {
        var (page, home) = await FilledAsync(scripts, "US", postalCode: "1");
        var state = page.GetByLabel("State or province");
        if (scripts) await state.FillAsync("NY");
        await PlaceAsync(page);

        await Assertions.Expect(page.GetByText("Please correct the fields below.")).ToBeVisibleAsync();
        Assert.Equal("US", await page.Locator("#countryCode").InputValueAsync());
        if (scripts) Assert.Equal("NY", await state.InputValueAsync());
        var total = await TotalAsync(page);
        Assert.NotEqual(home, total);
        await state.FillAsync("NY");
        await page.Locator("#postalCode").FillAsync("10001");
        await PlaceAsync(page);

        await page.WaitForURLAsync("**/c/pay/**");
        Assert.Contains(total, await page.Locator("body").InnerTextAsync(), StringComparison.Ordinal);
    }

    private static Task PlaceAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Place order and pay" }).ClickAsync();

    private static Task<string> TotalAsync(IPage page) => page.Locator("dd").Last.InnerTextAsync();

    /// <summary>The checkout of a piece, with everything filled in but the state, and the total it showed before the country was chosen.</summary>
    private async Task<(IPage Page, string Home)> FilledAsync(bool scripts, string country, string postalCode)
    {
        var page = await browser.NewPageAsync(scripts: scripts);
        await page.GotoAsync(new Uri(stack.Shop, "/products/undertow-mug").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Add to basket" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Go to the basket")).ToBeVisibleAsync();
        await page.GotoAsync(new Uri(stack.Shop, "/checkout").ToString());
        var home = await TotalAsync(page);
        await page.Locator("#countryCode").SelectOptionAsync(country);
        foreach (var (field, value) in new[] { ("email", "ada@example.com"), ("name", "Ada"), ("line1", "Road 1"), ("city", "Town"), ("postalCode", postalCode) })
            await page.Locator($"#{field}").FillAsync(value);
        return (page, home);
    }
}
