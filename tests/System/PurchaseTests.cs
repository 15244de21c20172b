using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace Tests.System;

/// <summary>The main job of the shop, in a real browser against the whole stack.</summary>
public sealed partial class PurchaseTests(Stack stack, Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_shopper_buys_something_and_gets_the_receipt()
    {
        var shopper = await NewShopperAsync();

        await shopper.PutSomethingIntoTheBasketAsync();
        await shopper.PlaceTheOrderAsync();
        await shopper.PayAsync(Shopper.GoodCard);
        await shopper.SeeThePaidOrderAsync();

        var receipt = await Inbox.OnlyMailToAsync(stack, shopper.Email);
        var number = OrderNumber().Match(shopper.Page.Url).Value;
        Assert.Contains(number, receipt.Subject, StringComparison.Ordinal);
        Assert.Contains(number, receipt.Text, StringComparison.Ordinal);
        Assert.Contains(number, receipt.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_declined_card_can_be_tried_again_and_costs_nothing()
    {
        var shopper = await NewShopperAsync();
        await shopper.PutSomethingIntoTheBasketAsync();
        await shopper.PlaceTheOrderAsync();

        await shopper.PayAsync(Shopper.DeclinedCard);
        await Microsoft.Playwright.Assertions.Expect(shopper.Page.GetByText(Declined()).First).ToBeVisibleAsync();
        Assert.Empty(await Inbox.MailsToAsync(stack, shopper.Email));

        await shopper.PayAsync(Shopper.GoodCard);
        await shopper.SeeThePaidOrderAsync();
        await Inbox.OnlyMailToAsync(stack, shopper.Email);
    }

    [Fact]
    public async Task A_card_with_3D_Secure_asks_before_it_pays()
    {
        var shopper = await NewShopperAsync();
        await shopper.PutSomethingIntoTheBasketAsync();
        await shopper.PlaceTheOrderAsync();

        await shopper.PayAsync(Shopper.ChallengedCard);
        await shopper.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { NameRegex = Complete() }).ClickAsync();
        await shopper.SeeThePaidOrderAsync();
        await Inbox.OnlyMailToAsync(stack, shopper.Email);
    }

    [Fact]
    public async Task The_order_page_is_right_when_the_webhook_never_comes()
    {
        using var stripe = new HttpClient { BaseAddress = stack.StripeApi };
        using var silenced = await stripe.PostAsJsonAsync("/_emulator/webhooks/faults", new { events = 20, copiesMin = 0, copiesMax = 0 });
        silenced.EnsureSuccessStatusCode();
        try
        {
            var shopper = await NewShopperAsync();
            await shopper.PutSomethingIntoTheBasketAsync();
            await shopper.PlaceTheOrderAsync();
            await shopper.PayAsync(Shopper.GoodCard);
            await shopper.SeeThePaidOrderAsync();
            await Inbox.OnlyMailToAsync(stack, shopper.Email);
        }
        finally
        {
            using var healed = await stripe.DeleteAsync("/_emulator/webhooks/faults");
            healed.EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task A_paid_order_is_paid_and_mailed_even_if_the_browser_never_comes_back()
    {
        var shopper = await NewShopperAsync();
        await shopper.PutSomethingIntoTheBasketAsync();
        await shopper.PlaceTheOrderAsync();
        await shopper.Page.RouteAsync("**/orders/**", route => route.AbortAsync());

        await shopper.PayAsync(Shopper.GoodCard);

        await Inbox.OnlyMailToAsync(stack, shopper.Email);
    }

    [Fact]
    public async Task A_product_that_does_not_exist_is_a_404()
    {
        using var client = new HttpClient { BaseAddress = stack.Shop };
        using var page = await client.GetAsync("/products/no-such-thing");
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    private async Task<Shopper> NewShopperAsync() => new(stack.Shop, await browser.NewPageAsync());

    [GeneratedRegex("OG-[0-9A-Z]{4}-[0-9A-Z]{4}")]
    private static partial Regex OrderNumber();

    [GeneratedRegex("declined", RegexOptions.IgnoreCase)]
    private static partial Regex Declined();

    [GeneratedRegex("complete|authenticate|approve", RegexOptions.IgnoreCase)]
    private static partial Regex Complete();
}
