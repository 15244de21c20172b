using System.Globalization;
using Commerce.Catalog;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Payments;

/// <summary>
/// Experiment 6: webhooks come one to five times, shuffled, late, a part of them only after everything else, a part before the shop can see the
/// order, a part never. Full size: <c>EXPERIMENT_WEBHOOK_ORDERS=200 EXPERIMENT_WEBHOOK_LATE_MS=30000 dotnet run --project tests/Api -- -class "*WebhookStormTests"</c>.
/// </summary>
public class WebhookStormTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private static readonly int Orders = Number("EXPERIMENT_WEBHOOK_ORDERS", 12);
    private static readonly int LateMilliseconds = Number("EXPERIMENT_WEBHOOK_LATE_MS", 1500);

    [Fact]
    public async Task A_storm_of_webhooks_ends_in_the_state_of_a_clean_run()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}, {Orders} orders");
        var clean = await RunAsync(null);
        var stormy = await RunAsync(seed);
        Assert.Equal(clean, stormy);
        Assert.Equal(0, (await shop.ReconcileAsync()).DifferenceCount);
    }

    [Fact]
    public async Task An_event_for_an_order_that_is_not_visible_yet_waits_for_it()
    {
        var order = await DraftAsync();
        var session = await shop.StripeAsync(HttpMethod.Post, "/v1/checkout/sessions", new()
        {
            ["mode"] = "payment",
            ["customer_email"] = "ann@example.com",
            ["success_url"] = "http://shop.test/",
            ["metadata[order_id]"] = order.Id.ToString(),
            ["payment_intent_data[metadata][order_id]"] = order.Id.ToString(),
            ["line_items[0][quantity]"] = "1",
            ["line_items[0][price_data][currency]"] = "eur",
            ["line_items[0][price_data][unit_amount]"] = order.TotalMinor.ToString(CultureInfo.InvariantCulture),
            ["line_items[0][price_data][product_data][name]"] = "Tide",
        });
        var sessionId = session.GetProperty("id").GetString()!;
        var purchase = new Purchase(shop, order.Number, order.Key, order.TotalMinor);
        await purchase.PayAsync(sessionId);
        await shop.EventAsync(sessionId, "checkout.session.completed");
        await Assert.ThrowsAsync<OrderUnknownException>(() => shop.RunJobsAsync(global::Commerce.Outbox.JobKinds.ApplyStripeEvent));

        await using (var db = shop.Open())
        {
            Assert.Null((await db.StripeEvents.SingleAsync(e => e.ObjectId == sessionId && e.Type == "checkout.session.completed")).AppliedAt);
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Add(order);
            await db.SaveChangesAsync();
            var shelf = await StockShelf.LockAsync(db, [shop.Tide], CancellationToken.None);
            await db.ReserveAsync([.. shelf.TryTake([(shop.Tide, 1)])!.Select(a => (order.Id, a, order.ReservedUntil))], DateTimeOffset.UtcNow, CancellationToken.None);
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }
        await shop.SettleAsync();
        await purchase.AssertPaidOnceAsync(1);
    }

    /// <summary>The same purchases, refunds and disputes, and what became of each; with a seed, in a storm.</summary>
    private async Task<List<string>> RunAsync(int? seed)
    {
        if (seed is not null) await shop.WebhookFaultAsync(new { events = 100_000, copiesMin = 1, copiesMax = 5, delayMinMilliseconds = 0, delayMaxMilliseconds = LateMilliseconds, seed });
        var desks = new List<StaffDesk>();
        for (var i = 0; i < Orders; i++)
        {
            if (seed is not null && i % 4 == 3) await MisbehaveAsync(held: i % 8 == 3, seed.Value);
            var purchase = await Purchase.PlaceAsync(shop, shop.Tide, 1 + (i % 3));
            await purchase.PayAsync(await purchase.OpenSessionAsync(), i % 5 == 4 ? "4000000000000259" : "4242424242424242");
            // Some shoppers come back from the payment page, some close the browser.
            if (i % 2 == 0) await ShopApi.OkAsync(purchase.SendAsync("payment-confirmation"));
            desks.Add(new StaffDesk(purchase));
        }
        await shop.SettleAsync();
        foreach (var desk in desks.Where((_, i) => i % 5 is 0 or 1))
            if ((await desk.PaymentAsync()).CapturedMinor > 0) await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = 500 }));
        await shop.SettleAsync();
        await ShopApi.OkAsync(shop.Stripe.PostAsync("/_emulator/webhooks/release?order=shuffle&gapMilliseconds=1", null)); // hours later
        await shop.Stripe.DeleteAsync("/_emulator/webhooks/faults");
        await shop.SettleAsync();
        await shop.ReconcileAsync(); // the ones that never came
        foreach (var desk in desks.Where((_, i) => i % 5 is 0 or 1))
            if (!(await desk.ReadAsync()).GetProperty("refunds").EnumerateArray().Any()) await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = 500 }));
        await shop.SettleAsync();
        return [.. await Task.WhenAll(desks.Select(EndAsync))];
    }

    /// <summary>The next order's events are held back until everything else is over, or never come at all.</summary>
    private async Task MisbehaveAsync(bool held, int seed)
    {
        await shop.Stripe.DeleteAsync("/_emulator/webhooks/faults");
        await shop.WebhookFaultAsync(held ? new { events = 4, hold = true, copiesMin = 1, copiesMax = 2, seed } : (object)new { events = 4, copiesMin = 0, copiesMax = 0 });
        await shop.WebhookFaultAsync(new { events = 100_000, copiesMin = 1, copiesMax = 5, delayMinMilliseconds = 0, delayMaxMilliseconds = LateMilliseconds, seed });
    }

    private static async Task<string> EndAsync(StaffDesk desk)
    {
        var order = await desk.ReadAsync();
        var refunds = order.GetProperty("refunds").EnumerateArray().Select(r => $"{r.GetProperty("status").GetString()} {r.GetProperty("amount").GetProperty("amountMinor").GetInt64()}");
        var disputes = order.GetProperty("disputes").EnumerateArray().Select(d => $"{d.GetProperty("status").GetString()} {d.GetProperty("funds").GetString()}");
        var ledger = order.GetProperty("ledger").EnumerateArray().Select(m => $"{m.GetProperty("kind").GetString()} {m.GetProperty("amount").GetProperty("amountMinor").GetInt64()}").Order(StringComparer.Ordinal);
        var receipts = await desk.JobsAsync(global::Commerce.Outbox.JobKinds.SendReceipt);
        return $"{order.GetProperty("status").GetString()} | {order.GetProperty("payment").GetProperty("status").GetString()} | {string.Join(", ", refunds)} | {string.Join(", ", disputes)} | {string.Join(", ", ledger)} | {receipts}";
    }

    /// <summary>An order as placing will write it, not written yet.</summary>
    private async Task<Order> DraftAsync()
    {
        await using var db = shop.Open();
        var variant = await db.Set<Variant>().Include(v => v.Product).SingleAsync(v => v.Id == shop.Tide);
        var (id, now) = (Guid.CreateVersion7(), DateTimeOffset.UtcNow);
        return new Order
        {
            Id = id,
            Number = OrderNumber.New(),
            Key = new string('1', 32),
            BasketId = Guid.NewGuid().ToString("N"),
            Email = "ann@example.com",
            ShippingCode = "post",
            Currency = "EUR",
            ShippingAddress = new Address { Name = "Ann", Line1 = "Road 1", PostalCode = "10115", City = "Berlin", CountryCode = "DE" },
            SubtotalMinor = 2900,
            ShippingMinor = 0,
            TaxIncludedMinor = 463,
            TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            TotalMinor = 2900,
            PlacedAt = now,
            ReservedUntil = now.AddMinutes(30),
            Lines = [new OrderLine { OrderId = id, Position = 1, VariantId = shop.Tide, Sku = variant.Sku, ProductSlug = variant.Product.Slug, Title = "Tide", VariantTitle = "", Quantity = 1, UnitPriceMinor = 2900, VatPercent = 19 }],
            Payment = new Payment { Id = Guid.CreateVersion7(), OrderId = id, AmountMinor = 2900, Currency = "EUR", UpdatedAt = now },
        };
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
