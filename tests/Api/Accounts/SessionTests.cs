using System.Data.Common;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Api.Accounts;
using Commerce.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Tests.Fixture;

namespace Tests.Api.Accounts;

public class SessionTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task Who_opens_an_account_is_signed_in_until_signing_out()
    {
        using var browser = shop.Guest();
        var email = NewEmail();
        var opened = await browser.PostAsJsonAsync("/api/v1/accounts", new { email, password = ShopApi.Password });
        Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
        var session = await ShopApi.OkAsync(browser.GetAsync("/api/v1/session"));
        Assert.Equal((email, "shopper"), (session.GetProperty("email").GetString(), session.GetProperty("role").GetString()));
        Assert.Equal(HttpStatusCode.NoContent, (await browser.DeleteAsync("/api/v1/session")).StatusCode);
        Assert.Equal((HttpStatusCode.Unauthorized, AccountRefusals.SignInNeeded), await AskAsync(browser.GetAsync("/api/v1/session")));
        await ShopApi.OkAsync(browser.PostAsJsonAsync("/api/v1/session", new { email = email.ToUpperInvariant(), password = ShopApi.Password }));
    }

    [Fact]
    public async Task The_cookie_is_for_this_site_and_no_script_and_carries_no_name()
    {
        var email = NewEmail();
        using var browser = shop.WithoutCookies();
        var opened = await browser.PostAsJsonAsync("/api/v1/accounts", new { email, password = ShopApi.Password });
        var cookie = Assert.Single(opened.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("session=", cookie);
        Assert.Contains("; httponly", cookie);
        Assert.Contains("; samesite=lax", cookie);
        Assert.Contains("; path=/", cookie);
        Assert.DoesNotContain("domain", cookie);
        await using var db = shop.Open();
        var hash = await db.Accounts.Where(a => a.Email == email).Select(a => a.PasswordHash).SingleAsync();
        Assert.DoesNotContain(ShopApi.Password, hash);
    }

    [Fact]
    public async Task Unknown_wrong_disabled_and_locked_are_refused_in_the_same_words()
    {
        var (wrong, disabled) = (NewEmail(), NewEmail());
        using var browser = shop.Guest();
        await shop.SignInAsync(browser, wrong);
        await shop.SignInAsync(browser, disabled);
        await using (var db = shop.Open()) await db.Accounts.Where(a => a.Email == disabled).ExecuteUpdateAsync(a => a.SetProperty(x => x.DisabledAt, DateTimeOffset.UtcNow));
        string[] said =
        [
            await RefusalAsync(NewEmail(), ShopApi.Password), await RefusalAsync(wrong, "not the password"), await RefusalAsync(disabled, ShopApi.Password),
            .. await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RefusalAsync(wrong, "guess"))), await RefusalAsync(wrong, ShopApi.Password),
        ];
        Assert.Single(said.Distinct());
        await using var after = shop.Open();
        Assert.True((await after.Accounts.SingleAsync(a => a.Email == wrong)).LockedUntil > DateTimeOffset.UtcNow);
    }

    [Theory]
    [InlineData("short", AccountRefusals.PasswordWeak)]
    [InlineData("aaaaaaaaaaaa", AccountRefusals.PasswordWeak)]
    public async Task A_weak_password_opens_no_account(string password, string code)
    {
        var email = NewEmail();
        Assert.Equal((HttpStatusCode.UnprocessableEntity, code), await AskAsync(shop.Client.PostAsJsonAsync("/api/v1/accounts", new { email, password })));
        await using var db = shop.Open();
        Assert.False(await db.Accounts.AnyAsync(a => a.Email == email));
        Assert.False(await db.AuditEntries.AnyAsync(e => e.ActorName == email));
    }

    [Fact]
    public async Task One_address_is_one_account_also_when_two_open_it_at_once()
    {
        var email = NewEmail();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            using var browser = shop.Guest();
            return await AskAsync(browser.PostAsJsonAsync("/api/v1/accounts", new { email = i % 2 == 0 ? email : email.ToUpperInvariant(), password = ShopApi.Password }));
        }));
        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Equal(5, answers.Count(a => a == (HttpStatusCode.Conflict, AccountRefusals.EmailTaken)));
    }

    [Fact]
    public async Task A_new_password_signs_out_every_other_browser()
    {
        var email = NewEmail();
        using var here = shop.Guest();
        using var elsewhere = shop.Guest();
        await shop.SignInAsync(here, email);
        await ShopApi.OkAsync(elsewhere.PostAsJsonAsync("/api/v1/session", new { email, password = ShopApi.Password }));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, AccountRefusals.PasswordWrong),
            await AskAsync(here.PutAsJsonAsync("/api/v1/account/password", new { currentPassword = "a guess of it", newPassword = "another long one" })));
        await ShopApi.OkAsync(here.PutAsJsonAsync("/api/v1/account/password", new { currentPassword = ShopApi.Password, newPassword = "another long one" }));
        await ShopApi.OkAsync(here.GetAsync("/api/v1/session"));
        Assert.Equal((HttpStatusCode.Unauthorized, AccountRefusals.SessionEnded), await AskAsync(elsewhere.GetAsync("/api/v1/session")));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, AccountRefusals.SignInFailed), await AskAsync(elsewhere.PostAsJsonAsync("/api/v1/session", new { email, password = ShopApi.Password })));
    }

    [Fact]
    public async Task A_password_of_an_account_that_changes_at_the_same_moment_is_refused_and_stays()
    {
        var email = NewEmail();
        await using var db = shop.Open();
        using var browser = shop.Guest(shop.AnotherInstance(statements: new Before("UPDATE accounts",
            () => db.Accounts.Where(a => a.Email == email).ExecuteUpdateAsync(a => a.SetProperty(x => x.SecurityStamp, "of an admin's change")))));
        await ShopApi.OkAsync(browser.PostAsJsonAsync("/api/v1/accounts", new { email, password = ShopApi.Password }));

        var answer = await AskAsync(browser.PutAsJsonAsync("/api/v1/account/password", new { currentPassword = ShopApi.Password, newPassword = "another long one" }));

        Assert.Equal((HttpStatusCode.PreconditionFailed, global::Api.Preconditions.Failed), answer);
        await ShopApi.OkAsync(shop.WithoutCookies().PostAsJsonAsync("/api/v1/session", new { email, password = ShopApi.Password }));
        Assert.False(await db.AuditEntries.AnyAsync(e => e.ActorName == email && e.Action == "accounts.password-changed"));
    }

    [Fact]
    public async Task A_session_is_known_to_every_instance_and_one_without_Redis_says_so_while_guests_go_on()
    {
        using var browser = shop.WithoutCookies();
        browser.DefaultRequestHeaders.Add("Cookie", await OpenAsync(browser, NewEmail()));

        await ShopApi.OkAsync(browser.GetAsync(new Uri(shop.AnotherInstance(), "/api/v1/session")));

        var withoutRedis = shop.AnotherInstance("127.0.0.1:1,connectTimeout=200,syncTimeout=500,asyncTimeout=500");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, global::Api.Refusals.SessionsAway), await AskAsync(browser.GetAsync(new Uri(withoutRedis, "/api/v1/session"))));
        await ShopApi.OkAsync(browser.GetAsync(new Uri(withoutRedis, "/api/v1/products")));
        await ShopApi.OkAsync(browser.PostAsync(new Uri(withoutRedis, "/api/v1/baskets"), null));

        // Nobody can say whose session it is: whoever brings one and knows the basket goes on buying, whoever brings none does not.
        var basket = (await ShopApi.OkAsync(browser.PostAsync("/api/v1/baskets", null))).GetProperty("id").GetString();
        await ShopApi.OkAsync(browser.GetAsync(new Uri(withoutRedis, $"/api/v1/baskets/{basket}")));
        Assert.Equal((HttpStatusCode.NotFound, Commerce.Baskets.BasketRefusals.NotFound), await AskAsync(shop.Client.GetAsync(new Uri(withoutRedis, $"/api/v1/baskets/{basket}"))));
    }

    [Fact]
    public async Task While_Redis_hangs_nobody_waits_for_it_again_and_again()
    {
        const int Calls = 40;
        var words = shop.RedisAddress.Split(',');
        await using var door = RedisDoor.To(new Uri($"tcp://{words[0]}").Port);
        var instance = shop.AnotherInstance(string.Join(',', words.Skip(1).Prepend($"127.0.0.1:{door.Port}")));
        using var browser = shop.WithoutCookies(instance);
        browser.DefaultRequestHeaders.Add("Cookie", await OpenAsync(browser, NewEmail()));
        await ShopApi.OkAsync(browser.GetAsync("/api/v1/session"));

        door.Delay = TimeSpan.FromMinutes(5);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Calls; i++) Assert.Equal((HttpStatusCode.ServiceUnavailable, global::Api.Refusals.SessionsAway), await AskAsync(browser.GetAsync("/api/v1/session")));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(Calls / 2)); // each of them waited a second at least, were the outage not remembered
        await ShopApi.OkAsync(browser.PostAsync("/api/v1/baskets", null));
    }

    [Fact]
    public async Task While_Redis_is_away_a_browser_is_signed_out_all_the_same()
    {
        using var browser = shop.WithoutCookies(shop.AnotherInstance("127.0.0.1:1,connectTimeout=200,syncTimeout=500,asyncTimeout=500"));
        using var elsewhere = shop.WithoutCookies();
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/session") { Headers = { { "Cookie", await OpenAsync(elsewhere, NewEmail()) } } };
        var answer = await browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.StartsWith($"{Sessions.Cookie}=; expires=Thu, 01 Jan 1970", answer.Headers.GetValues("Set-Cookie").Single());
    }

    [Fact]
    public async Task While_nobody_can_be_signed_in_no_account_is_opened_and_the_repetition_opens_it()
    {
        var email = NewEmail();
        var withoutRedis = shop.AnotherInstance("127.0.0.1:1,connectTimeout=200,syncTimeout=500,asyncTimeout=500");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, global::Api.Refusals.SessionsAway),
            await AskAsync(shop.Client.PostAsJsonAsync(new Uri(withoutRedis, "/api/v1/accounts"), new { email, password = ShopApi.Password })));
        await using var db = shop.Open();
        Assert.False(await db.Accounts.AnyAsync(a => a.Email == email));
        Assert.False(await db.AuditEntries.AnyAsync(e => e.ActorName == email));
        Assert.Equal(HttpStatusCode.Created, (await shop.WithoutCookies().PostAsJsonAsync("/api/v1/accounts", new { email, password = ShopApi.Password })).StatusCode);
    }

    [Fact]
    public async Task A_password_is_not_changed_while_the_session_it_would_leave_cannot_be_kept()
    {
        var email = NewEmail();
        var words = shop.RedisAddress.Split(',');
        await using var door = RedisDoor.To(new Uri($"tcp://{words[0]}").Port);
        using var browser = shop.Guest(shop.AnotherInstance(string.Join(',', words.Skip(1).Prepend($"127.0.0.1:{door.Port}"))));
        await ShopApi.OkAsync(browser.PostAsJsonAsync("/api/v1/accounts", new { email, password = ShopApi.Password }));

        door.IsFull = true;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, global::Api.Refusals.SessionsAway),
            await AskAsync(browser.PutAsJsonAsync("/api/v1/account/password", new { currentPassword = ShopApi.Password, newPassword = "another long one" })));
        await ShopApi.OkAsync(browser.GetAsync("/api/v1/session"));
        door.IsFull = false;
        await ShopApi.OkAsync(shop.WithoutCookies().PostAsJsonAsync("/api/v1/session", new { email, password = ShopApi.Password }));
        await using var db = shop.Open();
        Assert.False(await db.AuditEntries.AnyAsync(e => e.ActorName == email && e.Action == "accounts.password-changed"));
    }

    private async Task<string> RefusalAsync(string email, string password)
    {
        var response = await shop.Client.PostAsJsonAsync("/api/v1/session", new { email, password });
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        return $"{response.StatusCode} {problem.GetProperty("code")} {problem.GetProperty("detail")}";
    }

    /// <summary>The cookie of whoever opens an account.</summary>
    private static async Task<string> OpenAsync(HttpClient browser, string email)
    {
        var opened = await browser.PostAsJsonAsync("/api/v1/accounts", new { email, password = ShopApi.Password });
        return opened.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static string NewEmail() => $"{Guid.NewGuid():N}@example.com";

    /// <summary>Does something right before a statement.</summary>
    private sealed class Before(string statement, Func<Task> act) : DbCommandInterceptor
    {
        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.Contains(statement, StringComparison.Ordinal)) await act();
            return await base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
        }
    }

    private static async Task<(HttpStatusCode Status, string? Code)> AskAsync(Task<HttpResponseMessage> call)
    {
        var response = await call;
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, response.IsSuccessStatusCode ? null : JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
    }
}
