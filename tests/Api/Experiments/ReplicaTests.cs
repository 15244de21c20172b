using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Experiments;

/// <summary>Experiment 14: a replica five seconds behind, and an Api that is told of it.</summary>
public class ReplicaTests(Replicated shop) : IClassFixture<Replicated>
{
    [Fact]
    public async Task Checkout_stock_and_sign_in_are_never_read_from_a_replica_and_follow_the_writer_to_another_server()
    {
        Guid print;
        await using (var db = shop.OpenPrimary()) print = await Goods.AddAsync(db, "print", 3, 2500);

        // Sign-in: each step needs what the one before has just written.
        var (email, first, second) = ("ann@example.com", "grain of the third print", "grain of the fourth print");
        await ShopApi.OkAsync(shop.Client.PostAsJsonAsync("/api/v1/accounts", new { email, password = first }));
        await ShopApi.OkAsync(shop.Client.PutAsJsonAsync("/api/v1/account/password", new { currentPassword = first, newPassword = second }));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await shop.Client.PostAsJsonAsync("/api/v1/session", new { email, password = first })).StatusCode);
        await ShopApi.OkAsync(shop.Client.PostAsJsonAsync("/api/v1/session", new { email, password = second }));

        // Checkout and stock: two of three are ordered, so two more cannot be had, and one can.
        var order = await OrderAsync(await FillAsync(print, 2));
        Assert.Equal("awaiting-payment", (await ShopApi.OkAsync(shop.Client.GetAsync(order))).GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await shop.Client.PutAsJsonAsync($"/api/v1/baskets/{await OpenAsync()}/lines/{print}", new { quantity = 2 })).StatusCode);
        var last = await OrderAsync(await FillAsync(print, 1));

        // The replica lags and was not asked.
        Assert.True(shop.AskedOfStandby.Count == 0, string.Join("\n", shop.AskedOfStandby));
        await using (var behind = shop.OpenStandby()) Assert.True(await behind.Database.SqlQuery<bool>($"SELECT pg_is_in_recovery() AS \"Value\"").SingleAsync());
        for (var watch = Stopwatch.StartNew(); await OrdersOfStandbyAsync() < 2; await Task.Delay(200)) Assert.True(watch.Elapsed < Replicated.Generous, "The replica does not follow.");

        await shop.FailOverAsync();
        for (var watch = Stopwatch.StartNew(); (await shop.Client.GetAsync(last)).StatusCode != HttpStatusCode.OK; await Task.Delay(200))
            Assert.True(watch.Elapsed < Replicated.Generous, "The Api does not find the new writer.");
        await using (var db = shop.OpenStandby()) print = await Goods.AddAsync(db, "other", 1, 2500);
        await OrderAsync(await FillAsync(print, 1));
    }

    private async Task<int> OrdersOfStandbyAsync()
    {
        await using var db = shop.OpenStandby();
        return await db.Orders.CountAsync();
    }

    private async Task<string> OpenAsync() => (await ShopApi.OkAsync(shop.Client.PostAsync("/api/v1/baskets", null))).GetProperty("id").GetString()!;

    private async Task<string> FillAsync(Guid variant, int quantity)
    {
        var basket = await OpenAsync();
        await ShopApi.OkAsync(shop.Client.PutAsJsonAsync($"/api/v1/baskets/{basket}/lines/{variant}", new { quantity }));
        return basket;
    }

    /// <summary>The order's address.</summary>
    private async Task<string> OrderAsync(string basket)
    {
        using var request = Purchase.Order(basket);
        var placed = await ShopApi.OkAsync(shop.Client.SendAsync(request));
        return $"/api/v1/orders/{placed.GetProperty("number").GetString()}?key={placed.GetProperty("key").GetString()}";
    }
}
