using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Audit;
using Commerce.Outbox;
using Commerce.Payments;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Payments;

/// <summary>Differences that staff have explained.</summary>
public class AcknowledgementTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task A_difference_that_staff_acknowledge_is_open_no_more_until_its_amounts_change()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var others = (await RunAsync()).GetProperty("differences").GetInt32();
        await WriteLedgerAsync(desk, 50);
        Assert.Equal(others + 1, (await RunAsync()).GetProperty("differences").GetInt32());
        var difference = Assert.Single(await DifferencesAsync(desk));
        Assert.Equal(JsonValueKind.Null, difference.GetProperty("acknowledgement").ValueKind);
        var acknowledged = await ShopApi.OkAsync(AcknowledgeAsync(difference, reason: "paid out in cash"));
        Assert.Equal(("staff@shop.test", "paid out in cash"), (acknowledged.GetProperty("acknowledgement").GetProperty("by").GetString(), acknowledged.GetProperty("acknowledgement").GetProperty("reason").GetString()));
        Assert.Equal(("reconciliation.difference-acknowledged", "staff@shop.test", "paid out in cash"), await shop.NewestAuditAsync($"order:{desk.Purchase.Number}"));

        // Later runs find it and leave it acknowledged.
        Assert.Empty(await DifferencesAsync(desk));
        Assert.Equal(others, (await RunAsync()).GetProperty("differences").GetInt32());
        Assert.Empty(await DifferencesAsync(desk));
        var listed = Assert.Single(await DifferencesAsync(desk, "&acknowledged=true"));
        Assert.Equal((difference.GetProperty("id").GetGuid(), JsonValueKind.Null, "paid out in cash"),
            (listed.GetProperty("id").GetGuid(), listed.GetProperty("resolvedAt").ValueKind, listed.GetProperty("acknowledgement").GetProperty("reason").GetString()));

        await WriteLedgerAsync(desk, 7);
        Assert.Equal(others + 1, (await RunAsync()).GetProperty("differences").GetInt32());
        var again = Assert.Single(await DifferencesAsync(desk));
        Assert.Equal((difference.GetProperty("id").GetGuid(), desk.Purchase.TotalMinor + 57, JsonValueKind.Null),
            (again.GetProperty("id").GetGuid(), again.GetProperty("ledgerMinor").GetInt64(), again.GetProperty("acknowledgement").ValueKind));
        await ShopApi.OkAsync(AcknowledgeAsync(again));
        Assert.Empty(await DifferencesAsync(desk));

        // What is no longer there is resolved, acknowledged or not.
        await WriteLedgerAsync(desk, -57);
        await RunAsync();
        Assert.Empty(await DifferencesAsync(desk, "&acknowledged=true"));
        Assert.Equal(JsonValueKind.String, Assert.Single(await DifferencesAsync(desk, "&resolved=true")).GetProperty("resolvedAt").ValueKind);
        await StaffDesk.AssertRefusedAsync(AcknowledgeAsync(again), HttpStatusCode.Conflict, PaymentRefusals.DifferenceResolved);
    }

    [Fact]
    public async Task Money_taken_twice_that_is_acknowledged_is_open_again_when_a_webhook_tells_of_another_amount()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var intent = await desk.PayOnSecondPageAsync();
        await shop.SettleAsync();
        await ShopApi.OkAsync(AcknowledgeAsync(Assert.Single(await DifferencesAsync(desk))));
        Assert.Empty(await DifferencesAsync(desk));
        await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = intent, ["amount"] = "100" });
        await shop.SettleAsync();
        Assert.Equal(desk.Purchase.TotalMinor - 100, Assert.Single(await DifferencesAsync(desk)).GetProperty("stripeMinor").GetInt64());
    }

    [Fact]
    public async Task Nothing_is_acknowledged_of_amounts_nobody_saw_without_a_reason_or_of_what_is_not_there()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        await WriteLedgerAsync(desk, 50);
        await RunAsync();
        var difference = Assert.Single(await DifferencesAsync(desk));
        await WriteLedgerAsync(desk, 1);
        await RunAsync();
        await StaffDesk.AssertRefusedAsync(AcknowledgeAsync(difference), HttpStatusCode.Conflict, PaymentRefusals.DifferenceChanged);
        var now = Assert.Single(await DifferencesAsync(desk));
        await StaffDesk.AssertRefusedAsync(AcknowledgeAsync(now, reason: null), HttpStatusCode.BadRequest, AuditRefusals.ReasonMissing);
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, $"/reconciliation/differences/{Guid.NewGuid()}/acknowledgement", new { stripeMinor = 1, ledgerMinor = 1 }, 404, PaymentRefusals.DifferenceNotFound);
        Assert.Equal(JsonValueKind.Null, Assert.Single(await DifferencesAsync(desk)).GetProperty("acknowledgement").ValueKind);
        await using var db = shop.Open();
        Assert.DoesNotContain("reconciliation.difference-acknowledged", await db.AuditEntries.Where(a => a.Subject == $"order:{desk.Purchase.Number}").Select(a => a.Action).ToListAsync());
    }

    [Fact]
    public async Task Of_many_who_acknowledge_at_once_one_is_written_down_and_a_difference_without_an_order_has_a_trail_of_its_own()
    {
        var orderId = Guid.CreateVersion7();
        var intent = await StaffDesk.PayAtStripeAsync(shop, orderId, 1234);
        await RunAsync();
        var difference = Assert.Single((await ReadAsync("?limit=100")).GetProperty("items").EnumerateArray(), d => d.GetProperty("stripeId").GetString() == intent);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => ShopApi.OkAsync(AcknowledgeAsync(difference, reason: $"reason {i}"))));
        Assert.Single(answers.Select(a => a.GetProperty("acknowledgement").GetProperty("reason").GetString()).Distinct());
        Assert.Equal(1, await shop.AuditCountAsync($"difference:{difference.GetProperty("id").GetString()}"));
        Assert.DoesNotContain((await ReadAsync("?limit=100")).GetProperty("items").EnumerateArray(), d => d.GetProperty("stripeId").GetString() == intent);
    }

    private Task<HttpResponseMessage> AcknowledgeAsync(JsonElement difference, string? reason = "because") => shop.Staff.AskAsync(HttpMethod.Post, $"/reconciliation/differences/{difference.GetProperty("id").GetString()}/acknowledgement",
        new { stripeMinor = difference.GetProperty("stripeMinor"), ledgerMinor = difference.GetProperty("ledgerMinor") }, reason: reason);

    private async Task<JsonElement> RunAsync()
    {
        var id = (await ShopApi.OkAsync(shop.Staff.PostAsJsonAsync("/api/v1/admin/reconciliation", new { from = DateTimeOffset.UtcNow.AddHours(-1), to = DateTimeOffset.UtcNow.AddMinutes(1) }))).GetProperty("id").GetGuid();
        await shop.RunJobsAsync(JobKinds.ReconcilePayments);
        return (await ReadAsync("")).GetProperty("runs").EnumerateArray().Single(r => r.GetProperty("id").GetGuid() == id && r.GetProperty("finishedAt").ValueKind == JsonValueKind.String);
    }

    private async Task<List<JsonElement>> DifferencesAsync(StaffDesk desk, string query = "") =>
        [.. (await ReadAsync($"?limit=100{query}")).GetProperty("items").EnumerateArray().Where(d => d.GetProperty("orderNumber").GetString() == desk.Purchase.Number)];

    private Task<JsonElement> ReadAsync(string query) => shop.Staff.ReadAsync($"/reconciliation{query}");

    private async Task WriteLedgerAsync(StaffDesk desk, long amount)
    {
        await using var db = shop.Open();
        db.PaymentMovements.Add(new PaymentMovement { OrderId = await desk.OrderIdAsync(), Kind = PaymentMovementKind.Captured, AmountMinor = amount, StripeId = $"pi_{Guid.NewGuid():N}", At = DateTimeOffset.UtcNow });
        await db.SaveChangesAsync();
    }
}
