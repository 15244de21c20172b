using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Tests.System;

public partial class AccountTests(Stack stack, Browser browser) : IClassFixture<Browser>
{
    private const string Password = "grain of the third print";

    [Fact]
    public async Task What_a_guest_put_aside_stays_through_registering_and_its_order_is_in_the_account()
    {
        var page = await browser.NewPageAsync();
        var shopper = new Shopper(stack.Shop, page);
        await shopper.PutSomethingIntoTheBasketAsync();
        await OpenAsync(page, "register");
        Assert.Empty(await shopper.AccessibilityViolationsAsync());
        await FillAsync(page, shopper.Email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Open the account" }).ClickAsync();
        await page.WaitForURLAsync("**/account");
        Assert.Empty(await shopper.AccessibilityViolationsAsync());

        await OpenAsync(page, "checkout");
        await Assertions.Expect(page.GetByLabel("Email")).ToHaveValueAsync(shopper.Email);
        await shopper.PlaceTheOrderAsync();
        await shopper.PayAsync(Shopper.GoodCard);
        await shopper.SeeThePaidOrderAsync();
        await OpenAsync(page, "account");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = OrderNumber() })).ToHaveCountAsync(1);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync(stack.Shop.ToString());
        await OpenAsync(page, "account");
        await page.WaitForURLAsync("**/sign-in");
    }

    [Fact]
    public async Task Signing_in_and_a_new_password_work_without_JavaScript_and_a_wrong_one_is_told_in_words()
    {
        var page = await browser.NewPageAsync(ColorScheme.Dark, width: 390, scripts: false);
        var email = $"{Guid.NewGuid():N}@example.com";
        await OpenAsync(page, "register");
        await FillAsync(page, email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Open the account" }).ClickAsync();
        await page.WaitForURLAsync("**/account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await OpenAsync(page, "sign-in");
        await FillAsync(page, email, "not the password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("not right");
        await FillAsync(page, email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync("**/account");
        await Assertions.Expect(page.GetByText(email)).ToBeVisibleAsync();

        await page.GetByLabel("Present password").FillAsync(Password);
        await page.GetByLabel("New password").FillAsync("grain of the fourth print");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change the password" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Every other browser has been signed out.")).ToBeVisibleAsync();
        await OpenAsync(page, "account");
        await Assertions.Expect(page.GetByText(email)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_first_admin_signs_in_with_the_password_on_the_dashboard_and_with_no_other()
    {
        using var client = new HttpClient { BaseAddress = stack.Shop };
        var wrong = await client.PostAsJsonAsync("/api/v1/session", new { email = "admin@oddgrain.local", password = "not the password" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        var right = await client.PostAsJsonAsync("/api/v1/session", new { email = "admin@oddgrain.local", password = stack.AdminPassword });
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        Assert.Equal("\"sign-in\";q=30;w=60", right.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/admin/accounts")).StatusCode);
    }

    private Task OpenAsync(IPage page, string path) => page.GotoAsync(new Uri(stack.Shop, path).ToString());

    private static async Task FillAsync(IPage page, string email, string password = Password)
    {
        await page.GetByLabel("Email").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
    }

    [GeneratedRegex("OG-")]
    private static partial Regex OrderNumber();
}
