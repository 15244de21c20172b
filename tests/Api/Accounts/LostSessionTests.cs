using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Accounts;

namespace Tests.Api.Accounts;

/// <summary>Apart from the other sessions, because here Redis forgets them all.</summary>
public class LostSessionTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task Losing_Redis_means_signing_in_again_and_nothing_else()
    {
        using var browser = shop.Guest();
        await shop.SignInAsync(browser, "ann@example.com");
        var basket = await Purchase.FillBasketAsync(shop, shop.Tide);
        await shop.LoseRedisAsync();
        var lost = await browser.GetAsync("/api/v1/session");
        Assert.Equal(HttpStatusCode.Unauthorized, lost.StatusCode);
        Assert.Equal(AccountRefusals.SessionEnded, (await lost.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        await ShopApi.OkAsync(browser.GetAsync($"/api/v1/baskets/{basket}"));
        Assert.Equal(HttpStatusCode.Created, (await Purchase.SendOrderAsync(shop, basket)).StatusCode);
        await ShopApi.OkAsync(browser.PostAsJsonAsync("/api/v1/session", new { email = "ann@example.com", password = ShopApi.Password }));
        await ShopApi.OkAsync(browser.GetAsync("/api/v1/session"));
    }
}
