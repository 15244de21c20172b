using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Orders;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Orders;

public class FullQueueTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task When_too_many_orders_wait_the_next_is_told_when_to_come_back_and_nothing_of_it_is_placed()
    {
        var late = await Purchase.FillBasketAsync(shop, shop.Tide);
        var key = Guid.NewGuid().ToString();
        await using var db = shop.Open();
        await shop.InScopeAsync<OrderDesk>(async desk =>
        {
            var waiting = new List<Task>();
            await using (var transaction = await db.Database.BeginTransactionAsync())
            {
                // As many orders as the desk has hands wait for their baskets.
                for (var i = 0; i < OrderDesk.MaxInFlight; i++)
                {
                    var stopper = await Purchase.FillBasketAsync(shop, shop.Tide);
                    await db.Database.ExecuteSqlAsync($"SELECT 1 FROM baskets WHERE id = {stopper} FOR UPDATE");
                    waiting.Add(desk.PlaceAsync(Wish(stopper), CancellationToken.None));
                    await UntilWaitingAsync(i + 1);
                }
                // Orders of baskets that are not there: what counts is that they wait.
                waiting.AddRange(Enumerable.Range(0, OrderDesk.MaxWaiting).Select(_ => desk.PlaceAsync(Wish("0f3a9c417be25d8860c1e7a4923bd5f6"), CancellationToken.None)));

                var response = await Purchase.SendOrderAsync(shop, late, key);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                Assert.Equal("orders.busy", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
                Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
                Assert.False(await db.Orders.AnyAsync(o => o.BasketId == late));
                Assert.False(await db.IdempotencyRecords.AnyAsync(r => r.Key == key));
                await transaction.CommitAsync();
            }
            await Task.WhenAll(waiting.Select(w => w.ContinueWith(_ => { }, TaskScheduler.Default)));
            Assert.All(waiting.Take(OrderDesk.MaxInFlight), w => Assert.True(w.IsCompletedSuccessfully));
        });

        Assert.Equal(HttpStatusCode.Created, (await Purchase.SendOrderAsync(shop, late, key)).StatusCode); // the same key, a little later
        Assert.Equal(1, await db.Orders.CountAsync(o => o.BasketId == late));
    }

    private static PlaceOrder Wish(string basket) => new(Guid.NewGuid().ToString(), basket, "ann@example.com",
        new Address { Name = "Ann", Line1 = "Road 1", PostalCode = "10115", City = "Berlin", CountryCode = "DE" }, null);

    private async Task UntilWaitingAsync(int orders)
    {
        await using var db = shop.Open();
        for (var i = 0; i < 600; i++, await Task.Delay(50))
            if (await db.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").SingleAsync() == orders) return;
        Assert.Fail("The desk does not begin.");
    }
}
