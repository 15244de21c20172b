using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Accounts;

namespace Tests.Api.Accounts;

/// <summary>Of two who bring the same cookie, only the one who knows the password goes on being signed in.</summary>
public class SessionKeyTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private const string NewPassword = "another long one";

    private readonly HttpClient _browser = shop.WithoutCookies();
    private readonly string _email = $"{Guid.NewGuid():N}@example.com";

    [Fact]
    public async Task A_stolen_cookie_ends_with_the_password_that_is_changed_in_the_same_browser()
    {
        var stolen = await SignInAsync("POST", "accounts", null);
        Assert.Equal(_email, await EmailOfAsync(stolen));

        var kept = await SignInAsync("PUT", "account/password", stolen);

        Assert.Equal(_email, await EmailOfAsync(kept));
        Assert.Null(await EmailOfAsync(stolen));
    }

    [Fact]
    public async Task A_stolen_cookie_stays_ended_when_its_browser_signs_in_again_after_a_new_password()
    {
        var stolen = await SignInAsync("POST", "accounts", null);
        var elsewhere = await SignInAsync("POST", "session", null);
        await SignInAsync("PUT", "account/password", elsewhere);
        Assert.Null(await EmailOfAsync(stolen));

        var again = await SignInAsync("POST", "session", stolen, NewPassword);

        Assert.Equal(_email, await EmailOfAsync(again));
        Assert.Null(await EmailOfAsync(stolen));
    }

    [Theory]
    [InlineData("session")]
    [InlineData("accounts")]
    public async Task A_cookie_that_was_planted_is_not_signed_in_with_whoever_signs_in_over_it(string how)
    {
        var planted = await SignInAsync("POST", "accounts", null, email: $"thief-{_email}");
        if (how == "session") await SignInAsync("POST", "accounts", null);

        var own = await SignInAsync("POST", how, planted);

        Assert.Equal(_email, await EmailOfAsync(own));
        Assert.Null(await EmailOfAsync(planted));
    }

    [Fact]
    public async Task A_cookie_of_the_browsers_own_making_becomes_nobodys_key()
    {
        const string Made = "session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        Assert.Equal(_email, await EmailOfAsync(await SignInAsync("POST", "accounts", Made)));
        Assert.Null(await EmailOfAsync(Made));
    }

    /// <summary>Opens an account, signs in or sets another password, and answers the cookie to bring from then on.</summary>
    private async Task<string> SignInAsync(string method, string path, string? cookie, string password = ShopApi.Password, string? email = null)
    {
        using var request = Bringing(cookie, new HttpMethod(method), path);
        request.Content = path == "account/password" ? JsonContent.Create(new { currentPassword = password, newPassword = NewPassword }) : JsonContent.Create(new { email = email ?? _email, password });
        using var answer = await _browser.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    /// <summary>Whose session it is; null when it has ended.</summary>
    private async Task<string?> EmailOfAsync(string cookie)
    {
        using var request = Bringing(cookie, HttpMethod.Get, "session");
        using var answer = await _browser.SendAsync(request);
        var text = await answer.Content.ReadFromJsonAsync<JsonElement>();
        if (answer.StatusCode == HttpStatusCode.OK) return text.GetProperty("email").GetString();
        Assert.Equal((HttpStatusCode.Unauthorized, AccountRefusals.SessionEnded), (answer.StatusCode, text.GetProperty("code").GetString()));
        return null;
    }

    private static HttpRequestMessage Bringing(string? cookie, HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, $"/api/v1/{path}");
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return request;
    }
}
