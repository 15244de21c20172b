using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Outbox;
using Commerce.Payments;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Payments;

public class ReconciliationTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task Webhooks_that_never_came_are_made_up_for_and_no_difference_is_left()
    {
        await shop.WebhookFaultAsync(new { events = 40, copiesMin = 0, copiesMax = 0 });
        var paid = await Purchase.PlaceAsync(shop, shop.Tide);
        await paid.PayAsync(await paid.OpenSessionAsync());
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = (await desk.PaymentAsync()).PaymentIntentId!, ["amount"] = "400" });
        var disputed = await StaffDesk.PaidAsync(shop, shop.Tide, card: "4000000000000259");
        Assert.Equal("awaiting-payment", await paid.StatusAsync());

        var run = await RunAsync();
        Assert.True(run.GetProperty("healed").GetInt32() >= 3);
        Assert.Equal("paid", await paid.StatusAsync());
        await paid.AssertPaidOnceAsync(1);
        Assert.Equal("stripe", (await desk.ReadAsync()).GetProperty("refunds")[0].GetProperty("cause").GetString());
        Assert.Equal((desk.Purchase.TotalMinor - 400, 0), (await desk.LedgerHasAsync(), await disputed.LedgerHasAsync()));
        Assert.Empty(await DifferencesAsync(desk, disputed, new StaffDesk(paid)));
        Assert.Equal(0, (await RunAsync()).GetProperty("healed").GetInt32());
    }

    [Fact]
    public async Task Money_for_an_order_nobody_knows_is_kept_in_sight_until_it_is_explained()
    {
        var orderId = Guid.CreateVersion7();
        var intent = await StaffDesk.PayAtStripeAsync(shop, orderId, 1234);
        await RunAsync();
        await RunAsync();
        var difference = Assert.Single(await DifferencesAsync(), d => d.GetProperty("stripeId").GetString() == intent);
        Assert.Equal(("order-unknown", 1234), (difference.GetProperty("kind").GetString(), difference.GetProperty("stripeMinor").GetInt64()));

        // Refunded at Stripe: nobody has to decide anything any more, of the payment or of its events.
        await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = intent });
        await shop.DeliveredAsync();
        await RunAsync();
        Assert.DoesNotContain(await DifferencesAsync(), d => d.GetProperty("stripeId").GetString() == intent || d.GetProperty("detail").GetString()!.Contains(orderId.ToString(), StringComparison.Ordinal));
        await using var db = shop.Open();
        var events = await db.StripeEvents.Where(e => e.Payload.Contains(intent)).ToListAsync();
        Assert.NotEmpty(events);
        Assert.All(events, e => Assert.NotNull(e.AppliedAt));
    }

    [Fact]
    public async Task Money_taken_twice_for_one_order_is_a_difference_until_it_has_gone_back_and_the_order_stays_paid_once()
    {
        await shop.Stripe.DeleteAsync("/_emulator/webhooks/faults"); // what others have left
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var intent = await desk.PayAtStripeAsync();
        await desk.PayOnSecondPageAsync();
        await shop.SettleAsync();
        // The webhook of the page is enough; nobody has to wait for the night.
        var told = Assert.Single(await DifferencesAsync(desk));
        await RunAsync();
        await RunAsync();
        var differences = await DifferencesAsync(desk);
        Assert.Equal(2, differences.Count);
        Assert.All(differences, d => Assert.Equal(("paid-twice", desk.Purchase.TotalMinor, 0), (d.GetProperty("kind").GetString(), d.GetProperty("stripeMinor").GetInt64(), d.GetProperty("ledgerMinor").GetInt64())));
        Assert.Contains(told.GetProperty("stripeId").GetString(), differences.Select(d => d.GetProperty("stripeId").GetString()));

        await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = intent });
        await shop.SettleAsync();
        Assert.Equal(told.GetProperty("stripeId").GetString(), Assert.Single(await DifferencesAsync(desk)).GetProperty("stripeId").GetString());
        await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = told.GetProperty("stripeId").GetString()! });
        await RunAsync();
        Assert.Empty(await DifferencesAsync(desk));
        Assert.Equal(("paid", desk.Purchase.TotalMinor, desk.Purchase.TotalMinor), (await desk.Purchase.StatusAsync(), await desk.LedgerHasAsync(), await desk.StripeHasAsync()));
        Assert.Equal(0, (await desk.ReadAsync()).GetProperty("refunds").GetArrayLength());
        await desk.Purchase.AssertPaidOnceAsync(1);
    }

    [Fact]
    public async Task What_cannot_be_healed_is_reported_once_and_resolved_by_the_run_that_no_longer_finds_it()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var orderId = await desk.OrderIdAsync();
        await WriteLedgerAsync(orderId, 50);
        await RunAsync();
        var difference = Assert.Single(await DifferencesAsync(desk));
        Assert.Equal(("amount-differs", desk.Purchase.TotalMinor, desk.Purchase.TotalMinor + 50),
            (difference.GetProperty("kind").GetString(), difference.GetProperty("stripeMinor").GetInt64(), difference.GetProperty("ledgerMinor").GetInt64()));
        await WriteLedgerAsync(orderId, -50);
        await RunAsync();
        Assert.Empty(await DifferencesAsync(desk));
        Assert.Contains((await ReadAsync("?resolved=true&limit=100")).GetProperty("items").EnumerateArray(), d => d.GetProperty("orderNumber").GetString() == desk.Purchase.Number);
    }

    [Fact]
    public async Task A_refund_whose_job_died_is_carried_out()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var refund = (await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = 300 }))).GetProperty("id").GetGuid();
        await using (var db = shop.Open())
            await db.Database.ExecuteSqlAsync($"UPDATE refunds SET requested_at = now() - interval '2 days' WHERE id = {refund}");
        await RunAsync();
        Assert.Equal("succeeded", (await desk.ReadAsync()).GetProperty("refunds")[0].GetProperty("status").GetString());
        await shop.RunJobsAsync(JobKinds.RefundPayment);
        Assert.Equal(desk.Purchase.TotalMinor - 300, await desk.StripeHasAsync());
    }

    [Fact]
    public async Task An_event_about_what_Stripe_does_not_know_is_a_difference_and_everything_else_is_healed_all_the_same()
    {
        await shop.DeliveredAsync();
        var paid = await Purchase.PlaceAsync(shop, shop.Tide);
        await using (var db = shop.Open())
            await db.Database.ExecuteSqlRawAsync("""
                INSERT INTO stripe_events (id, type, object_id, payload, received_at) VALUES
                    ('evt_nope_session', 'checkout.session.completed', 'cs_test_nope', '{{}}', now() - interval '1 hour'),
                    ('evt_nope_intent', 'payment_intent.canceled', 'pi_nope', '{{}}', now() - interval '1 hour'),
                    ('evt_nope_nothing', 'checkout.session.completed', '', '{{}}', now() - interval '1 hour')
                """);
        await shop.WebhookFaultAsync(new { events = 10, copiesMin = 0, copiesMax = 0 });
        await paid.PayAsync(await paid.OpenSessionAsync());
        for (var i = 0; i < 2; i++)
        {
            await RunAsync();
            Assert.Equal("paid", await paid.StatusAsync());
            var unapplied = (await DifferencesAsync()).Where(d => d.GetProperty("stripeId").GetString()!.StartsWith("evt_nope", StringComparison.Ordinal)).ToList();
            Assert.Equal(3, unapplied.Count); // once each, however often they are tried
            Assert.All(unapplied, d => Assert.Equal("event-unapplied", d.GetProperty("kind").GetString()));
        }
        await using var after = shop.Open();
        Assert.Equal(3, await after.StripeEvents.Where(e => e.Id.StartsWith("evt_nope")).ExecuteDeleteAsync());
    }

    [Fact]
    public async Task A_leftover_that_Stripe_refuses_is_a_difference_and_the_others_are_done()
    {
        var stuck = new StaffDesk(await Purchase.PlaceAsync(shop, shop.Tide));
        var expired = await Purchase.PlaceAsync(shop, shop.Tide);
        await using var db = shop.Open();
        var orderId = await stuck.OrderIdAsync();
        await db.Database.ExecuteSqlAsync($"UPDATE payments SET status = 'VoidDue', payment_intent_id = 'pi_gone', updated_at = now() - interval '2 days' WHERE order_id = {orderId}");
        await db.Database.ExecuteSqlAsync($"UPDATE orders SET reserved_until = now() - interval '2 days' WHERE number = {expired.Number}");
        await RunAsync();
        Assert.Equal("expired", await expired.StatusAsync());
        Assert.Contains(await DifferencesAsync(stuck), d => d.GetProperty("kind").GetString() == "leftover-stuck" && d.GetProperty("detail").GetString()!.Contains("pi_gone", StringComparison.Ordinal));
        await db.Database.ExecuteSqlAsync($"UPDATE payments SET status = 'Closed', payment_intent_id = NULL WHERE order_id = {orderId}");
    }

    [Fact]
    public async Task Only_staff_see_it_and_a_cursor_nobody_gave_out_is_refused()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.Client.GetAsync("/api/v1/admin/reconciliation")).StatusCode);
        await StaffDesk.AssertRefusedAsync(shop.Staff.GetAsync("/api/v1/admin/reconciliation?cursor=nonsense"), HttpStatusCode.BadRequest, PaymentRefusals.CursorInvalid);
    }

    [Fact]
    public async Task The_payment_ledger_cannot_be_changed()
    {
        await StaffDesk.PaidAsync(shop, shop.Tide);
        await using var db = shop.Open();
        var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => db.PaymentMovements.ExecuteDeleteAsync());
        Assert.Contains("append-only", error.MessageText);
    }

    [Fact]
    public async Task A_window_is_compared_as_it_was_asked_for_or_refused()
    {
        var now = DateTimeOffset.UtcNow;
        foreach (var window in (object[])[
            new { from = now.AddHours(-1), to = now.AddHours(-2) }, new { from = now.AddHours(-1), to = now.AddHours(-1) }, new { to = now },
            new { from = now.AddDays(-31), to = now.AddMinutes(-1) }, new { from = now.AddHours(-1), to = now.AddHours(1) }, new { from = now.AddDays(-40) }, new { from = now.AddHours(1) },
            new { from = new DateTimeOffset(1, 1, 2, 0, 0, 0, TimeSpan.Zero), to = new DateTimeOffset(9999, 12, 30, 0, 0, 0, TimeSpan.Zero) }])
            await shop.Staff.AssertRefusedAsync(HttpMethod.Post, "/reconciliation", window, 422, "payments.window-invalid");
        var (from, to) = (now.AddDays(-2).AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)), now.AddDays(-1).AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)));
        var run = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/reconciliation", new { from, to }));
        Assert.Equal((from, to), (run.GetProperty("from").GetDateTimeOffset(), run.GetProperty("to").GetDateTimeOffset()));
    }

    [Fact]
    public async Task A_window_that_staff_ask_for_leaves_no_hole_between_the_runs_that_follow_each_other()
    {
        var first = await shop.ReconcileAsync();
        await RunAsync();
        var second = await shop.ReconcileAsync();
        Assert.Equal(first.To.AddHours(-1), second.From);
        var third = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/reconciliation", new { }));
        Assert.Equal(second.To.AddHours(-1), third.GetProperty("from").GetDateTimeOffset());
        await shop.RunJobsAsync(JobKinds.ReconcilePayments);
        Assert.Equal(third.GetProperty("to").GetDateTimeOffset().AddHours(-1), (await shop.ReconcileAsync()).From);
    }

    [Fact]
    public async Task What_moves_while_payments_are_compared_is_no_difference()
    {
        await shop.Stripe.DeleteAsync("/_emulator/webhooks/faults"); // what others have left
        await shop.SettleAsync();
        var (moving, differing) = (await StaffDesk.PaidAsync(shop, shop.Tide), await StaffDesk.PaidAsync(shop, shop.Tide));
        await WriteLedgerAsync(await differing.OrderIdAsync(), 50);
        var surplus = await moving.PayAtStripeAsync();
        await shop.SettleAsync();
        // Newest first: the surplus was compared by now, the list of payments is from before what moves here.
        await shop.FaultAsync(new { kind = "Hang", milliseconds = 3000, path = $"/v1/payment_intents/{(await differing.PaymentAsync()).PaymentIntentId}", method = "GET" });
        var run = RunAsync();
        for (var i = 0; i < 600 && (await ShopApi.OkAsync(shop.Stripe.GetAsync("/_emulator/faults"))).GetArrayLength() > 0; i++) await Task.Delay(50);
        await ShopApi.OkAsync(moving.RefundAsync(new { amountMinor = 300 }));
        await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = surplus });
        await shop.SettleAsync();
        await run;

        Assert.Equal(differing.Purchase.Number, Assert.Single(await DifferencesAsync(moving, differing)).GetProperty("orderNumber").GetString());
        await WriteLedgerAsync(await differing.OrderIdAsync(), -50);
        await RunAsync();
        Assert.Empty(await DifferencesAsync(moving, differing));
    }

    private async Task<JsonElement> RunAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/admin/reconciliation") { Content = JsonContent.Create(new { from = DateTimeOffset.UtcNow.AddHours(-1), to = DateTimeOffset.UtcNow.AddMinutes(1) }) };
        var id = (await ShopApi.OkAsync(shop.Staff.SendAsync(request))).GetProperty("id").GetGuid();
        await shop.RunJobsAsync(JobKinds.ReconcilePayments);
        return (await ReadAsync("")).GetProperty("runs").EnumerateArray().Single(r => r.GetProperty("id").GetGuid() == id && r.GetProperty("finishedAt").ValueKind == JsonValueKind.String);
    }

    private async Task<List<JsonElement>> DifferencesAsync(params StaffDesk[] of)
    {
        var numbers = of.Select(d => d.Purchase.Number).ToHashSet();
        return [.. (await ReadAsync("?limit=100")).GetProperty("items").EnumerateArray().Where(d => numbers.Count == 0 || numbers.Contains(d.GetProperty("orderNumber").GetString()!))];
    }

    private Task<JsonElement> ReadAsync(string query) => ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/reconciliation{query}"));

    private async Task WriteLedgerAsync(Guid orderId, long amount)
    {
        await using var db = shop.Open();
        db.PaymentMovements.Add(new PaymentMovement { OrderId = orderId, Kind = PaymentMovementKind.Captured, AmountMinor = amount, StripeId = $"pi_{Guid.NewGuid():N}", At = DateTimeOffset.UtcNow });
        await db.SaveChangesAsync();
    }
}
