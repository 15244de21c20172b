using System.Net;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Experiments;

/// <summary>The checker finds what it is there to find: each fault is made by hand, past every verb of the shop.</summary>
public class CheckerTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private readonly History _history = new();

    [Fact]
    public async Task A_sound_shop_has_no_breach_and_each_fault_in_it_is_named()
    {
        var variant = await shop.AddGoodsAsync(10);
        var told = await _history.PlaceAsync(shop.Client, await Purchase.FillBasketAsync(shop, variant));
        var purchase = told.Purchase(shop);
        Assert.True(await _history.PayAsync(purchase, await purchase.OpenSessionAsync()));
        await shop.SettleAsync();
        await purchase.AssertPaidOnceAsync(1);
        Assert.Empty(await Checker.CheckAsync(shop, _history));

        await using var db = shop.Open();
        var order = await db.Orders.Include(o => o.Payment).SingleAsync(o => o.Number == purchase.Number);
        await BreaksAsync($"UPDATE stock_items SET on_hand = on_hand + 1 WHERE variant_id = '{variant}'", $"UPDATE stock_items SET on_hand = on_hand - 1 WHERE variant_id = '{variant}'", "sold less 0 returned are not the");
        await BreaksAsync($"UPDATE reservations SET state = 'Released' WHERE order_id = '{order.Id}'", $"UPDATE reservations SET state = 'Consumed' WHERE order_id = '{order.Id}'", "is Paid and holds 1 Released");
        await BreaksAsync($"UPDATE payments SET captured_minor = 1 WHERE order_id = '{order.Id}'", $"UPDATE payments SET captured_minor = amount_minor WHERE order_id = '{order.Id}'", "the shop says 1 and 0");
        await BreaksAsync($"UPDATE outbox SET dedupe_key = 'elsewhere' WHERE dedupe_key = 'order:{order.Id}' AND kind = '{JobKinds.SendReceipt}'", $"UPDATE outbox SET dedupe_key = 'order:{order.Id}' WHERE dedupe_key = 'elsewhere'", "is Paid and has 0 receipts");
        await BreaksAsync($"UPDATE orders SET status = 'Expired' WHERE id = '{order.Id}'", $"UPDATE orders SET status = 'Paid' WHERE id = '{order.Id}'", "is Expired, and its buyer is out of");
        await BreaksAsync($"UPDATE orders SET basket_id = 'elsewhere' WHERE id = '{order.Id}'", $"UPDATE orders SET basket_id = '{order.BasketId}' WHERE id = '{order.Id}'", "is another one than was acknowledged");
        await BreaksAsync($"UPDATE orders SET number = 'elsewhere' WHERE id = '{order.Id}'", $"UPDATE orders SET number = '{order.Number}' WHERE id = '{order.Id}'", $"order {order.Number} was acknowledged and is gone");
        await BreaksAsync($"UPDATE stripe_events SET applied_at = NULL WHERE type = 'checkout.session.completed'", "UPDATE stripe_events SET applied_at = now() WHERE applied_at IS NULL", "was not applied");
        Assert.Empty(await Checker.CheckAsync(shop, _history));

        async Task BreaksAsync(string fault, string undo, string breach)
        {
            Assert.True(await db.Database.ExecuteSqlRawAsync(fault) > 0, fault);
            Assert.Contains(await Checker.CheckAsync(shop, _history), b => b.Contains(breach, StringComparison.Ordinal));
            await db.Database.ExecuteSqlRawAsync(undo);
        }
    }

    [Fact]
    public async Task What_the_driver_was_told_is_held_against_the_shop()
    {
        var basket = await Purchase.FillBasketAsync(shop, await shop.AddGoodsAsync(3));
        var told = await _history.PlaceAsync(shop.Client, basket);
        var lied = new History();
        lied.Add(told with { Body = told.Body.Replace("Berlin", "Paris", StringComparison.Ordinal) });
        lied.Add(told);
        Assert.Contains(await Checker.CheckAsync(shop, lied), b => b.Contains("2 different orders", StringComparison.Ordinal));
        var refused = new History();
        refused.Add(told with { Status = HttpStatusCode.Conflict, Body = """{"code":"orders.out-of-stock"}""" });
        Assert.Contains(await Checker.CheckAsync(shop, refused), b => b.Contains("its buyer was refused", StringComparison.Ordinal));
        var claimed = new History();
        claimed.Add(told with { BasketId = new string('0', 32), Status = HttpStatusCode.Conflict, Body = """{"code":"orders.basket-already-ordered"}""" });
        Assert.Contains(await Checker.CheckAsync(shop, claimed), b => b.Contains("is said to be ordered and is not", StringComparison.Ordinal));
    }
}
