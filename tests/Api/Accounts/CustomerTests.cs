using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tests.Api.Accounts;

public class CustomerTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task What_was_put_aside_as_a_guest_joins_what_the_account_holds()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var first = await Purchase.FillBasketAsync(shop, shop.Tide, 2);
        using var browser = shop.Guest();
        var opened = await ShopApi.OkAsync(browser.PostAsJsonAsync("/api/v1/accounts", new { email, password = ShopApi.Password, basketId = first }));
        Assert.Equal(first, opened.GetProperty("basketId").GetString());

        var second = await Purchase.FillBasketAsync(shop, shop.Tide, 3);
        await ShopApi.OkAsync(shop.Client.PutAsJsonAsync($"/api/v1/baskets/{second}/lines/{shop.Mug}", new { quantity = 1 }));
        for (var i = 0; i < 2; i++) // the second time there is nothing left to join
            Assert.Equal(first, (await SignInAsync(browser, email, second)).GetProperty("basketId").GetString());
        var basket = await ShopApi.OkAsync(browser.GetAsync($"/api/v1/baskets/{first}"));
        var held = basket.GetProperty("lines").EnumerateArray().ToDictionary(l => l.GetProperty("variantId").GetGuid(), l => l.GetProperty("quantity").GetInt32());
        Assert.Equal((5, 1), (held[shop.Tide], held[shop.Mug]));
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Client.GetAsync($"/api/v1/baskets/{second}")).StatusCode);
    }

    [Fact]
    public async Task Joining_from_many_browsers_at_once_loses_nothing_and_leaves_one_basket()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        using (var browser = shop.Guest()) await shop.SignInAsync(browser, email);
        var baskets = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Purchase.FillBasketAsync(shop, shop.Tide, 2)));
        var joined = await Task.WhenAll(baskets.Select(async basket =>
        {
            using var browser = shop.Guest();
            return (await SignInAsync(browser, email, basket)).GetProperty("basketId").GetString();
        }));
        var one = Assert.Single(joined.Distinct());
        var view = await ShopApi.OkAsync(AsAsync(email, $"/api/v1/baskets/{one}"));
        Assert.Equal(12, Assert.Single(view.GetProperty("lines").EnumerateArray()).GetProperty("quantity").GetInt32());
    }

    [Fact]
    public async Task Nobody_takes_the_basket_of_another_customer()
    {
        var mine = await Purchase.FillBasketAsync(shop, shop.Tide);
        using var me = shop.Guest();
        using var thief = shop.Guest();
        await ShopApi.OkAsync(me.PostAsJsonAsync("/api/v1/accounts", new { email = $"{Guid.NewGuid():N}@example.com", password = ShopApi.Password, basketId = mine }));
        var other = await ShopApi.OkAsync(thief.PostAsJsonAsync("/api/v1/accounts", new { email = $"{Guid.NewGuid():N}@example.com", password = ShopApi.Password, basketId = mine }));
        Assert.Equal(JsonValueKind.Null, other.GetProperty("basketId").ValueKind);
        Assert.Single((await ShopApi.OkAsync(me.GetAsync($"/api/v1/baskets/{mine}"))).GetProperty("lines").EnumerateArray());
    }

    [Fact]
    public async Task The_basket_of_an_account_is_none_for_everybody_else_who_knows_its_id()
    {
        using var ann = shop.Guest();
        using var bob = shop.Guest();
        await shop.SignInAsync(ann, $"{Guid.NewGuid():N}@example.com");
        await shop.SignInAsync(bob, $"{Guid.NewGuid():N}@example.com");
        var basket = (await ShopApi.OkAsync(ann.PostAsync("/api/v1/baskets", null))).GetProperty("id").GetString()!;
        var line = $"/api/v1/baskets/{basket}/lines/{shop.Tide}";
        await ShopApi.OkAsync(ann.PutAsJsonAsync(line, new { quantity = 2 }));
        for (var ordered = false; ; ordered = true)
        {
            foreach (var other in (HttpClient[])[bob, shop.Client, shop.Staff])
            {
                await AssertRefusedAsync("baskets.not-found", other.GetAsync($"/api/v1/baskets/{basket}"));
                await AssertRefusedAsync("baskets.not-found", other.PutAsJsonAsync(line, new { quantity = 1 }));
                await AssertRefusedAsync("baskets.not-found", other.DeleteAsync(line));
                await AssertRefusedAsync("baskets.not-found", other.GetAsync($"/api/v1/shipping-rates?countryCode=DE&basketId={basket}"));
                await AssertRefusedAsync("orders.basket-not-found", other.SendAsync(Purchase.Order(basket)));
            }
            if (ordered) break;
            Assert.Equal(2, (await ShopApi.OkAsync(ann.GetAsync($"/api/v1/baskets/{basket}"))).GetProperty("itemCount").GetInt32());
            await ShopApi.OkAsync(ann.GetAsync($"/api/v1/shipping-rates?countryCode=DE&basketId={basket}"));
            Assert.Equal(HttpStatusCode.Created, (await ann.SendAsync(Purchase.Order(basket))).StatusCode);
        }
        Assert.Single((await ShopApi.OkAsync(ann.GetAsync("/api/v1/account/orders"))).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Signing_out_leaves_the_basket_with_the_account_and_signing_in_brings_it_back()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        using var ann = shop.Guest();
        await shop.SignInAsync(ann, email);
        var basket = (await ShopApi.OkAsync(ann.PostAsync("/api/v1/baskets", null))).GetProperty("id").GetString()!;
        await ShopApi.OkAsync(ann.PutAsJsonAsync($"/api/v1/baskets/{basket}/lines/{shop.Tide}", new { quantity = 2 }));
        Assert.Equal(HttpStatusCode.NoContent, (await ann.DeleteAsync("/api/v1/session")).StatusCode);
        await AssertRefusedAsync("baskets.not-found", ann.GetAsync($"/api/v1/baskets/{basket}"));
        var fresh = (await ShopApi.OkAsync(ann.PostAsync("/api/v1/baskets", null))).GetProperty("id").GetString()!;
        await ShopApi.OkAsync(ann.PutAsJsonAsync($"/api/v1/baskets/{fresh}/lines/{shop.Tide}", new { quantity = 1 }));
        Assert.Equal(basket, (await SignInAsync(ann, email, fresh)).GetProperty("basketId").GetString());
        Assert.Equal(3, (await ShopApi.OkAsync(ann.GetAsync($"/api/v1/baskets/{basket}"))).GetProperty("itemCount").GetInt32());
    }

    [Fact]
    public async Task A_customer_sees_the_own_orders_page_by_page_and_nobody_elses()
    {
        using var ann = shop.Guest();
        using var bob = shop.Guest();
        await shop.SignInAsync(ann, $"{Guid.NewGuid():N}@example.com");
        await shop.SignInAsync(bob, $"{Guid.NewGuid():N}@example.com");
        var placed = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var basket = (await ShopApi.OkAsync(ann.PostAsync("/api/v1/baskets", null))).GetProperty("id").GetString()!;
            await ShopApi.OkAsync(ann.PutAsJsonAsync($"/api/v1/baskets/{basket}/lines/{shop.Tide}", new { quantity = i + 1 }));
            placed.Add((await (await ann.SendAsync(Purchase.Order(basket))).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("number").GetString()!);
        }
        var guests = await Purchase.PlaceAsync(shop, shop.Tide);

        var page = await ShopApi.OkAsync(ann.GetAsync("/api/v1/account/orders?limit=2"));
        var rest = await ShopApi.OkAsync(ann.GetAsync($"/api/v1/account/orders?limit=2&cursor={page.GetProperty("nextCursor").GetString()}"));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("nextCursor").ValueKind);
        var listed = page.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).ToList();
        Assert.Equal(Enumerable.Reverse(placed), listed.Select(o => o.GetProperty("number").GetString()!));
        Assert.Equal([3, 2, 1], listed.Select(o => o.GetProperty("itemCount").GetInt32()));

        await ShopApi.OkAsync(ann.GetAsync($"/api/v1/account/orders/{placed[0]}"));
        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync($"/api/v1/account/orders/{placed[0]}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.GetAsync($"/api/v1/account/orders/{guests.Number}")).StatusCode);
        Assert.Empty((await ShopApi.OkAsync(bob.GetAsync("/api/v1/account/orders"))).GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.Client.GetAsync("/api/v1/account/orders")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ann.GetAsync("/api/v1/account/orders?cursor=none")).StatusCode);
    }

    private async Task<HttpResponseMessage> AsAsync(string email, string path)
    {
        using var browser = shop.Guest();
        await ShopApi.OkAsync(browser.PostAsJsonAsync("/api/v1/session", new { email, password = ShopApi.Password }));
        return await browser.GetAsync(path);
    }

    private static async Task AssertRefusedAsync(string code, Task<HttpResponseMessage> call)
    {
        var response = await call;
        Assert.Equal((HttpStatusCode.NotFound, code), (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
    }

    private static Task<JsonElement> SignInAsync(HttpClient browser, string email, string basketId) =>
        ShopApi.OkAsync(browser.PostAsJsonAsync("/api/v1/session", new { email, password = ShopApi.Password, basketId }));
}
