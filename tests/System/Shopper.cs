using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Tests.System;

/// <summary>A person with a browser: what they see and click, by the names a screen reader would read.</summary>
internal sealed partial class Shopper(Uri shop, IPage page)
{
    public const string GoodCard = "4242 4242 4242 4242";
    public const string DeclinedCard = "4000 0000 0000 0002";
    public const string ChallengedCard = "4000 0000 0000 3220";

    public string Email { get; } = $"ada-{Guid.NewGuid():N}@example.com";

    public IPage Page => page;

    /// <summary>From the home page to a product that is in stock, and into the basket.</summary>
    public async Task PutSomethingIntoTheBasketAsync()
    {
        await page.GotoAsync(shop.ToString());
        await page.Locator("a[href^='/products/']").First.ClickAsync();
        await page.WaitForURLAsync("**/products/*");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = AddToBasket() }).ClickAsync();
        await Assertions.Expect(page.GetByText(InTheBasket()).First).ToBeVisibleAsync();
    }

    public async Task PlaceTheOrderAsync()
    {
        await page.GotoAsync(new Uri(shop, "/checkout").ToString());
        await page.GetByLabel("Email").FillAsync(Email);
        await page.GetByLabel("Full name").FillAsync("Ada Lovelace");
        await page.GetByLabel("Street and number").FillAsync("12 Sample Street");
        await page.GetByLabel("Postal code").FillAsync("10115");
        await page.GetByLabel("Town or city").FillAsync("Berlin");
        await page.GetByLabel("Country").SelectOptionAsync("DE");
        await page.GetByRole(AriaRole.Button, new() { Name = "Place order and pay" }).ClickAsync();
        await page.WaitForURLAsync("**/c/pay/**");
    }

    public async Task PayAsync(string card)
    {
        await page.Locator("input[name=number]").FillAsync(card);
        await page.Locator("input[name=expiry]").FillAsync("04/40");
        await page.Locator("input[name=cvc]").FillAsync("123");
        await page.Locator("input[name=name]").FillAsync("Ada Lovelace");
        await page.Locator("button[type=submit]").First.ClickAsync();
    }

    public Task SeeThePaidOrderAsync() => SeeTheOrderAsync(PaidOrder());

    public async Task SeeTheOrderAsync(Regex words)
    {
        await page.WaitForURLAsync("**/orders/**");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(words);
    }

    /// <summary>axe over the page as it stands, once no colour is on its way to another; the answer lists each rule broken and where.</summary>
    public async Task<IReadOnlyList<string>> AccessibilityViolationsAsync()
    {
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await page.EvaluateAsync("() => Promise.allSettled(document.getAnimations().filter(it => it instanceof CSSTransition).map(it => it.finished))");
        var result = await page.RunAxe(new AxeRunOptions { ResultTypes = new HashSet<ResultType> { ResultType.Violations } });
        return [.. result.Violations.Select(v => $"{v.Id}: {string.Join(", ", v.Nodes.Select(n => n.Html))}")];
    }

    [GeneratedRegex("add to basket", RegexOptions.IgnoreCase)]
    private static partial Regex AddToBasket();

    [GeneratedRegex("in your basket|added", RegexOptions.IgnoreCase)]
    private static partial Regex InTheBasket();

    [GeneratedRegex("^Thank you")]
    private static partial Regex PaidOrder();
}
