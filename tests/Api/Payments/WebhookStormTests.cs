using System.Globalization;
using Commerce.Catalog;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Experiments;

namespace Tests.Api.Payments;

/// <summary>
/// Experiment 6: webhooks come one to five times, shuffled, late, some hours later, some before the shop can see the order, some never. What comes is
/// healed by webhooks alone, what never came by the reconciliation. Full size: <c>docs/experiments.md</c>.
/// </summary>
public class WebhookStormTests(ShopApi shop, ITestOutputHelper output) : IClassFixture<ShopApi>
{
    private static readonly int Orders = Size.Of("EXPERIMENT_WEBHOOK_ORDERS", 12);
    private static readonly int LateMilliseconds = Size.Of("EXPERIMENT_WEBHOOK_LATE_MS", 1500);

    /// <summary>One in so many is held back for hours, and one never comes: 5 % each, more where there are few.</summary>
    private static readonly int Every = Orders >= 100 ? 20 : 6;

    private readonly History _history = new();
    private readonly List<StaffDesk> _desks = [];

    private enum Fate { Comes, HoursLate, Never }

    [Fact]
    public async Task A_storm_of_webhooks_ends_in_the_state_of_a_clean_run()
    {
        var seed = Size.Seed();
        output.WriteLine($"seed {seed}, {Orders} orders, up to {LateMilliseconds} ms late");
        await BuyAsync(null);
        await shop.SettleAsync();
        var paid = await EndsAsync();
        await RefundSomeAsync();
        var refunded = await EndsAsync();

        _desks.Clear();
        await BuyAsync(seed);
        await shop.SettleAsync();
        await AssertLikeAsync(paid, Fate.Comes);
        foreach (var desk in Of(Fate.HoursLate).Concat(Of(Fate.Never))) Assert.Equal("awaiting-payment", await desk.Purchase.StatusAsync());

        // Hours later the time of every second of them has run out first: Stripe has said then that it was paid.
        foreach (var desk in Of(Fate.HoursLate).Where((_, i) => i % 2 == 0)) await ExpireAsync(desk);
        await ShopApi.OkAsync(shop.Stripe.PostAsync($"/_emulator/webhooks/release?order=shuffle&seed={seed}&gapMilliseconds=1", null));
        await shop.SettleAsync();
        await AssertLikeAsync(paid, Fate.HoursLate);
        foreach (var desk in Of(Fate.Never)) Assert.Equal("awaiting-payment", await desk.Purchase.StatusAsync());

        var healing = await shop.ReconcileAsync();
        await shop.SettleAsync();
        output.WriteLine($"{Of(Fate.Comes).Count()} came, {Of(Fate.HoursLate).Count()} hours late: healed by webhooks; {Of(Fate.Never).Count()} never: the reconciliation healed {healing.HealedCount} events and payments");
        Assert.True(healing.HealedCount >= Of(Fate.Never).Count());
        await AssertLikeAsync(paid, Fate.Never);

        await DeliverAsync(Fate.Comes, seed);
        await RefundSomeAsync();
        Assert.Equal(refunded, await EndsAsync());
        var last = await shop.ReconcileAsync();
        Assert.Equal((0, 0), (last.DifferenceCount, last.HealedCount));
        await Checker.AssertAsync(shop, _history);
    }

    [Fact]
    public async Task An_event_for_an_order_that_is_not_visible_yet_waits_for_it()
    {
        for (var i = 0; i < Math.Max(1, Orders / 20); i++) await PayBeforeItIsVisibleAsync();
        await Checker.AssertAsync(shop, _history);
    }

    private async Task PayBeforeItIsVisibleAsync()
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
        Assert.True(await _history.PayAsync(purchase, sessionId));
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

    /// <summary>The same purchases and disputes; with a seed, in a storm.</summary>
    private async Task BuyAsync(int? seed)
    {
        for (var i = 0; i < Orders; i++)
        {
            var fate = seed is null ? Fate.Comes : FateOf(i);
            if (seed is not null) await DeliverAsync(fate, seed.Value + i);
            var told = await _history.PlaceAsync(shop.Client, await Purchase.FillBasketAsync(shop, shop.Tide, 1 + (i % 3)));
            var purchase = told.Purchase(shop);
            Assert.True(await _history.PayAsync(purchase, await purchase.OpenSessionAsync(), i % 5 == 4 ? "4000000000000259" : "4242424242424242"));
            // Some shoppers come back from the payment page, some close the browser.
            if (i % 2 == 0 && fate == Fate.Comes) await ShopApi.OkAsync(purchase.SendAsync("payment-confirmation"));
            _desks.Add(new StaffDesk(purchase));
        }
    }

    private static Fate FateOf(int order) => (order % Every) == Every - 1 ? Fate.HoursLate : (order % Every) == Every - 2 ? Fate.Never : Fate.Comes;

    private IEnumerable<StaffDesk> Of(Fate fate) => _desks.Where((_, i) => FateOf(i) == fate);

    /// <summary>What becomes of the events from here on.</summary>
    private async Task DeliverAsync(Fate fate, int seed)
    {
        await shop.Stripe.DeleteAsync("/_emulator/webhooks/faults");
        await shop.WebhookFaultAsync(fate switch
        {
            Fate.Comes => new { events = 100_000, copiesMin = 1, copiesMax = 5, delayMinMilliseconds = 0, delayMaxMilliseconds = LateMilliseconds, seed },
            Fate.HoursLate => new { events = 100_000, hold = true, copiesMin = 1, copiesMax = 5, seed },
            _ => (object)new { events = 100_000, copiesMin = 0, copiesMax = 0 },
        });
    }

    private async Task RefundSomeAsync()
    {
        foreach (var desk in _desks.Where((_, i) => i % 5 is 0 or 1)) await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = 500 }));
        await shop.SettleAsync();
    }

    private async Task ExpireAsync(StaffDesk desk)
    {
        var id = await desk.OrderIdAsync();
        await shop.InScopeAsync<PaymentVerbs>(payments => payments.ExpireReservationAsync(id, null, CancellationToken.None));
    }

    private async Task<List<string>> EndsAsync()
    {
        var ends = new List<string>();
        foreach (var desk in _desks) ends.Add(await EndAsync(desk));
        return ends;
    }

    private async Task AssertLikeAsync(List<string> clean, Fate fate)
    {
        for (var i = 0; i < Orders; i++)
            if (FateOf(i) == fate) Assert.Equal(clean[i], await EndAsync(_desks[i]));
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
            Payment = new Payment { OrderId = id, AmountMinor = 2900, Currency = "EUR", UpdatedAt = now },
        };
    }
}
