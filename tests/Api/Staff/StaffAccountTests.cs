using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Staff;

public class StaffAccountTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task An_admin_takes_somebody_on_and_lets_them_go_and_their_session_ends_at_once()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var made = await ShopApi.OkAsync(shop.Admin.PostAsJsonAsync("/api/v1/admin/accounts", new { email, role = "staff" }));
        var (id, password) = (made.GetProperty("account").GetProperty("id").GetGuid(), made.GetProperty("initialPassword").GetString());
        using var browser = shop.Guest();
        await ShopApi.OkAsync(browser.PostAsJsonAsync("/api/v1/session", new { email, password }));
        await ShopApi.OkAsync(browser.GetAsync("/api/v1/admin/audit"));

        var changed = await ChangeAsync(id, "staff", disabled: true, await ETagAsync(id), reason: "left%20us");
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/admin/audit")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsJsonAsync("/api/v1/session", new { email, password })).StatusCode);
        await using var db = shop.Open();
        var line = await db.AuditEntries.SingleAsync(e => e.Subject == $"account:{id}" && e.Action == "accounts.changed");
        Assert.Equal(("admin@shop.test", "left us"), (line.ActorName, line.Reason));
    }

    [Fact]
    public async Task Two_admins_who_edit_the_same_account_do_not_overwrite_each_other()
    {
        var id = await AccountAsync($"{Guid.NewGuid():N}@example.com", AccountRole.Shopper);
        var seen = await ETagAsync(id);
        Assert.Equal(HttpStatusCode.PreconditionRequired, (await ChangeAsync(id, "staff", false, null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(id, "staff", false, seen)).StatusCode);
        var late = await ChangeAsync(id, "admin", false, seen);
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        Assert.Equal("request.precondition-failed", (await late.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        await using var db = shop.Open();
        Assert.Equal(AccountRole.Staff, (await db.Accounts.SingleAsync(a => a.Id == id)).Role);
    }

    [Fact]
    public async Task Of_edits_sent_at_once_from_one_reading_one_is_taken()
    {
        var id = await AccountAsync($"{Guid.NewGuid():N}@example.com", AccountRole.Shopper);
        var seen = await ETagAsync(id);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ChangeAsync(id, "staff", false, seen)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.Equal(5, answers.Count(a => a.StatusCode == HttpStatusCode.PreconditionFailed));
        await using var db = shop.Open();
        Assert.Equal(1, await db.AuditEntries.CountAsync(e => e.Subject == $"account:{id}" && e.Action == "accounts.changed"));
    }

    [Fact]
    public async Task Staff_may_not_decide_who_is_staff()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await shop.Staff.GetAsync("/api/v1/admin/accounts")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await shop.Staff.PostAsJsonAsync("/api/v1/admin/accounts", new { email = "a@b.example", role = "admin" })).StatusCode);
    }

    [Fact]
    public async Task The_list_is_of_staff_and_an_address_finds_a_shopper()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var id = await AccountAsync(email, AccountRole.Shopper);
        var staff = await ShopApi.OkAsync(shop.Admin.GetAsync("/api/v1/admin/accounts?limit=100"));
        Assert.Contains(staff.GetProperty("items").EnumerateArray(), a => a.GetProperty("email").GetString() == "staff@shop.test");
        Assert.DoesNotContain(staff.GetProperty("items").EnumerateArray(), a => a.GetProperty("role").GetString() == "shopper");
        var found = await ShopApi.OkAsync(shop.Admin.GetAsync($"/api/v1/admin/accounts?email={email.ToUpperInvariant()}"));
        Assert.Equal(id, Assert.Single(found.GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
    }

    private async Task<Guid> AccountAsync(string email, AccountRole role)
    {
        using var browser = shop.Guest();
        await shop.SignInAsync(browser, email, role);
        await using var db = shop.Open();
        return await db.Accounts.Where(a => a.Email == email).Select(a => a.Id).SingleAsync();
    }

    private async Task<EntityTagHeaderValue?> ETagAsync(Guid id) => (await shop.Admin.GetAsync($"/api/v1/admin/accounts/{id}")).Headers.ETag;

    private async Task<HttpResponseMessage> ChangeAsync(Guid id, string role, bool disabled, EntityTagHeaderValue? etag, string? reason = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/admin/accounts/{id}") { Content = JsonContent.Create(new { role, disabled }) };
        if (etag is not null) request.Headers.IfMatch.Add(etag);
        if (reason is not null) request.Headers.Add("X-Reason", reason);
        return await shop.Admin.SendAsync(request);
    }
}
