using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Staff;

public class ApiKeyTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task A_key_opens_what_its_scopes_name_until_it_is_revoked()
    {
        var (reader, id) = await MachineAsync("audit:read", "stock:write");
        await ShopApi.OkAsync(reader.GetAsync("/api/v1/admin/audit"));
        var (stranger, _) = await MachineAsync("orders:write");
        Assert.Equal((HttpStatusCode.Forbidden, AccountRefusals.Forbidden), await AskAsync(stranger.GetAsync("/api/v1/admin/audit")));
        var (writer, _) = await MachineAsync("audit:write");
        await ShopApi.OkAsync(writer.GetAsync("/api/v1/admin/audit"));

        await ShopApi.OkAsync(shop.Admin.DeleteAsync($"/api/v1/admin/api-keys/{id}"));
        Assert.Equal((HttpStatusCode.Unauthorized, AccountRefusals.KeyInvalid), await AskAsync(reader.GetAsync("/api/v1/admin/audit")));
        Assert.NotEqual(JsonValueKind.Null, (await ShopApi.OkAsync(shop.Admin.DeleteAsync($"/api/v1/admin/api-keys/{id}"))).GetProperty("revokedAt").ValueKind);
    }

    [Theory]
    [InlineData(false, "catalog:read")]
    [InlineData(false, "catalog:write")]
    [InlineData(true, "catalog:read", "stock:read")]
    [InlineData(true, "catalog:read", "stock:write")]
    public async Task The_export_tells_of_stock_only_who_may_read_it(bool told, params string[] scopes)
    {
        await shop.AddGoodsAsync(stock: 7);
        var (machine, _) = await MachineAsync(scopes);
        var header = (await machine.GetStringAsync("/api/v1/admin/exports/products.csv")).Split("\r\n")[0].Split(',');
        Assert.Contains("Variant Price", header);
        Assert.Equal(told, header.Contains("Variant Inventory Qty"));
        Assert.Equal(told, header.Contains("Shop: Components"));
    }

    [Fact]
    public async Task A_key_is_shown_once_kept_as_a_hash_and_notes_its_use()
    {
        var (machine, id) = await MachineAsync("audit:read");
        var secret = machine.DefaultRequestHeaders.Authorization!.Parameter!;
        await ShopApi.OkAsync(machine.GetAsync("/api/v1/admin/audit"));
        var listed = (await ShopApi.OkAsync(shop.Admin.GetAsync("/api/v1/admin/api-keys"))).GetProperty("items").EnumerateArray().Single(k => k.GetProperty("id").GetGuid() == id);
        Assert.StartsWith(listed.GetProperty("prefix").GetString()! + "_", secret);
        Assert.DoesNotContain(secret, listed.GetRawText());
        Assert.NotEqual(JsonValueKind.Null, listed.GetProperty("lastUsedAt").ValueKind);
        await using var db = shop.Open();
        Assert.Equal(32, (await db.ApiKeys.SingleAsync(k => k.Id == id)).Hash.Length);
        Assert.Equal(1, await db.AuditEntries.CountAsync(e => e.Action == "api-keys.created" && e.Subject == $"api-key:{listed.GetProperty("prefix").GetString()}" && e.ActorName == "admin@shop.test" && e.Reason == "für den Lagerroboter"));
    }

    [Theory]
    [InlineData("og_000000000000_0000000000000000000000000000000000000000000")]
    [InlineData("og_")]
    [InlineData("nonsense")]
    public async Task What_is_no_key_opens_nothing(string text)
    {
        using var machine = shop.Guest();
        machine.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", text);
        Assert.Equal((HttpStatusCode.Unauthorized, AccountRefusals.KeyInvalid), await AskAsync(machine.GetAsync("/api/v1/admin/audit")));
    }

    [Fact]
    public async Task The_right_prefix_with_another_secret_opens_nothing()
    {
        var (machine, _) = await MachineAsync("audit:read");
        var secret = machine.DefaultRequestHeaders.Authorization!.Parameter!;
        machine.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret[..^1] + (secret[^1] == 'A' ? 'B' : 'A'));
        Assert.Equal((HttpStatusCode.Unauthorized, AccountRefusals.KeyInvalid), await AskAsync(machine.GetAsync("/api/v1/admin/audit")));
    }

    [Fact]
    public async Task Only_an_admin_makes_keys_and_only_with_scopes_there_are()
    {
        var wish = new { name = "robot", scopes = new[] { "stock:read" } };
        Assert.Equal((HttpStatusCode.Forbidden, AccountRefusals.Forbidden), await AskAsync(shop.Staff.PostAsJsonAsync("/api/v1/admin/api-keys", wish)));
        var (machine, _) = await MachineAsync([.. global::Api.Staff.KnownScopesAttribute.Scopes]);
        Assert.Equal((HttpStatusCode.Forbidden, AccountRefusals.Forbidden), await AskAsync(machine.PostAsJsonAsync("/api/v1/admin/api-keys", wish)));
        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), await AskAsync(shop.Admin.PostAsJsonAsync("/api/v1/admin/api-keys", new { name = "robot", scopes = new[] { "everything" } })));
    }

    [Fact]
    public async Task A_key_that_is_good_is_not_called_unknown_where_no_key_opens_and_no_account_where_only_admins_may()
    {
        var (machine, _) = await MachineAsync("audit:read");
        foreach (var path in (string[])["/api/v1/session", "/api/v1/account/orders"])
        {
            var needed = await machine.GetAsync(path);
            var why = await needed.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.Unauthorized, AccountRefusals.SignInNeeded), (needed.StatusCode, why.GetProperty("code").GetString()));
            Assert.Contains("no API key opens this address", why.GetProperty("detail").GetString());
        }
        var forbidden = await machine.GetAsync("/api/v1/admin/accounts");
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Contains("No API key may do that", (await forbidden.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
    }

    private async Task<(HttpClient Machine, Guid Id)> MachineAsync(params string[] scopes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/admin/api-keys") { Content = JsonContent.Create(new { name = "robot", scopes }) };
        request.Headers.Add("X-Reason", Uri.EscapeDataString("für den Lagerroboter"));
        var made = await ShopApi.OkAsync(shop.Admin.SendAsync(request));
        var machine = shop.Guest();
        machine.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.GetProperty("secret").GetString());
        return (machine, made.GetProperty("apiKey").GetProperty("id").GetGuid());
    }

    private static async Task<(HttpStatusCode, string?)> AskAsync(Task<HttpResponseMessage> call)
    {
        var response = await call;
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>()).TryGetProperty("code", out var code) ? code.GetString() : null);
    }
}
