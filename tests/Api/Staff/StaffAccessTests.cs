using System.Net;
using System.Text.Json;
using Commerce.Accounts;
using Commerce.Audit;

namespace Tests.Api.Staff;

public class StaffAccessTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task The_staff_side_is_for_staff_only()
    {
        using var shopper = shop.Guest();
        await shop.SignInAsync(shopper, "shopper@shop.test");
        Assert.Equal((HttpStatusCode.Unauthorized, AccountRefusals.SignInNeeded), await AskAsync(shop.Client));
        Assert.Equal((HttpStatusCode.Forbidden, AccountRefusals.Forbidden), await AskAsync(shopper));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(shop.Staff));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(shop.Admin));
    }

    [Fact]
    public async Task The_trail_of_one_thing_can_be_read()
    {
        await using (var db = shop.Open())
        {
            db.Audit(Actor.System("test"), "tests.made", "test:ä", "Grund");
            db.Audit(Actor.System("test"), "tests.made", "test:b");
            await db.SaveChangesAsync();
        }
        var page = await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/audit?subject={Uri.EscapeDataString("test:ä")}"));
        var line = Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Equal(("tests.made", "Grund", "system"), (line.GetProperty("action").GetString(), line.GetProperty("reason").GetString(), line.GetProperty("actor").GetProperty("kind").GetString()));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("nextCursor").ValueKind);
    }

    private static async Task<(HttpStatusCode, string?)> AskAsync(HttpClient browser)
    {
        var response = await browser.GetAsync("/api/v1/admin/audit?limit=1");
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, body.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null);
    }
}
