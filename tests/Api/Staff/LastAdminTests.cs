using System.Net;
using System.Net.Http.Json;
using Commerce.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Staff;

/// <summary>Apart from the other accounts, because here admins go until one is left.</summary>
public class LastAdminTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task However_many_resign_at_once_one_admin_stays()
    {
        using var another = shop.Guest();
        await shop.SignInAsync(another, "second@shop.test", AccountRole.Admin);
        await using var db = shop.Open();
        var admins = await db.Accounts.Where(a => a.Role == AccountRole.Admin).OrderBy(a => a.CreatedAt).Select(a => a.Id).ToListAsync();
        Assert.Equal(2, admins.Count);
        var answers = await Task.WhenAll(admins.Zip([shop.Admin, another], ResignAsync));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Order());
        Assert.Equal(1, await db.Accounts.CountAsync(a => a.Role == AccountRole.Admin && a.DisabledAt == null));
    }

    private static async Task<HttpStatusCode> ResignAsync(Guid id, HttpClient self)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/admin/accounts/{id}") { Content = JsonContent.Create(new { role = "staff", disabled = false }) };
        request.Headers.Add("If-Match", "*");
        request.Headers.Add("X-Reason", "leaving");
        return (await self.SendAsync(request)).StatusCode;
    }
}
