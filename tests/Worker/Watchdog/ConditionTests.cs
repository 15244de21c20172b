using Commerce.Catalog;
using Commerce.OnCall;
using Commerce.Stock;
using Tests.Fixture;
using Tests.Worker.Mail;

namespace Tests.Worker.Watchdog;

/// <summary>Experiment 25: each condition is injected; exactly one incident of the right severity opens, and resolves by itself.</summary>
public sealed class ConditionTests(PostgresFixture postgres, RedisFixture redis, PagerServer pager) : WatchdogTest(postgres, redis, pager), IClassFixture<PagerServer>
{
    public static TheoryData<string, string> EveryCondition => new()
    {
        { "payment-gateway-down", "critical" }, { "decline-rate", "warning" }, { "webhook-silence", "error" }, { "stuck-outbox", "critical" },
        { "dead-letters", "error" }, { "jobs-failing", "error" }, { "job-backlog", "warning" }, { "heartbeat-missing", "critical" }, { "stock-invariant", "critical" },
        { "paid-twice", "error" },
    };

    [Fact]
    public void No_condition_is_without_a_test() =>
        Assert.Equal(Alerts.All.Keys.Order(), EveryCondition.Select(row => row.Data.Item1).Append(Alerts.DatabaseDown.Name).Order());

    [Theory]
    [MemberData(nameof(EveryCondition))]
    public async Task A_condition_is_one_incident_and_resolves_by_itself(string alert, string severity)
    {
        await HealthyHistoryAsync();
        await StartWatcherAsync();
        await InjectAsync(alert);
        var open = await OnlyIncidentAsync("triggered", $"{alert} rings");
        Assert.Equal((severity, $"oddgrain/{alert}"), (open.GetProperty("severity").GetString(), open.GetProperty("dedupKey").GetString()));
        var links = open.GetProperty("trigger").GetProperty("links");
        Assert.Equal($"http://localhost:8080/api/runbooks/{alert}.md", links[0].GetProperty("href").GetString());
        Assert.Equal("http://localhost:18888/", links[1].GetProperty("href").GetString());

        await HealAsync(alert);
        var closed = await OnlyIncidentAsync("resolved", $"{alert} resolves");
        Assert.Equal(2, closed.GetProperty("timeline").GetArrayLength());
        var row = Assert.Single(await RowsOfIncidentsAsync());
        Assert.Equal((alert, IncidentState.Resolved), (row.Alert, row.State));
    }

    [Fact]
    public async Task Nothing_rings_in_a_healthy_shop()
    {
        await HealthyHistoryAsync();
        await StartWatcherAsync();
        await EventuallyAsync(async () => (await SignalsAsync()) >= 2, "the loops report themselves");
        // A real one afterwards shows that the watchdog has looked at everything meanwhile.
        await Task.Delay(1500);
        await DieAsync();
        var only = await OnlyIncidentAsync("triggered", "the dead letter rings");
        Assert.Equal("oddgrain/dead-letters", only.GetProperty("dedupKey").GetString());
    }

    [Fact]
    public async Task A_few_declines_are_a_bad_day_and_no_incident()
    {
        await EventsAsync("payment_intent.payment_failed", 9);
        await StartWatcherAsync();
        await EventsAsync("payment_intent.succeeded", 12);
        await DieAsync();
        Assert.Equal("oddgrain/dead-letters", (await OnlyIncidentAsync("triggered", "only the dead letter rings")).GetProperty("dedupKey").GetString());
    }

    /// <summary>What a shop has that works: due work that is young, a payment with its webhook, stock that adds up, loops that turn.</summary>
    private async Task HealthyHistoryAsync()
    {
        await EventsAsync("payment_intent.succeeded", 3);
        await using var db = Open();
        var now = DateTimeOffset.UtcNow;
        var product = new Product { Id = Guid.CreateVersion7(), Slug = "tide", Title = "Tide", ProductType = "Print", PublishedAt = now, CreatedAt = now, UpdatedAt = now };
        var variant = new Variant { Id = Guid.CreateVersion7(), ProductId = product.Id, Position = 1, Sku = "tide-1", Options = [] };
        variant.SetPrice(2900, null);
        product.Variants.Add(variant);
        var item = new StockItem { Id = Guid.CreateVersion7(), VariantId = variant.Id, LocationId = Location.MainId };
        variant.Stock.Add(item);
        db.Count(item, 40, "test", now);
        product.Reprice();
        db.Add(product);
        await db.SaveChangesAsync();
    }

    private async Task InjectAsync(string alert)
    {
        switch (alert)
        {
            case "payment-gateway-down":
                await ExecuteAsync($"INSERT INTO signals (name, node, is_bad, detail, at) VALUES ('payment-gateway', 'api:1', true, 'circuit open', now() + interval '1 h')");
                break;
            case "decline-rate":
                await EventsAsync("payment_intent.payment_failed", 30);
                break;
            case "webhook-silence":
                await PaidWithoutWebhookAsync();
                break;
            case "stuck-outbox":
                await WaitingAsync(TimeSpan.FromMinutes(6));
                break;
            case "job-backlog":
                await WaitingAsync(TimeSpan.FromMinutes(2));
                break;
            case "jobs-failing":
                await FailingAsync("send-receipt", "smtp-deferred");
                break;
            case "dead-letters":
                await DieAsync();
                break;
            case "heartbeat-missing":
                await ExecuteAsync($"INSERT INTO signals (name, node, is_bad, at) VALUES ('pump', 'worker:1', false, now() - interval '2 min')");
                break;
            case "paid-twice":
                await ExecuteAsync($"""
                    INSERT INTO reconciliation_differences (id, kind, stripe_id, stripe_minor, detail, found_at, seen_at)
                    VALUES (gen_random_uuid(), 'PaidTwice', 'pi_2', 3490, 'once more', now(), now()), (gen_random_uuid(), 'OrderUnknown', 'pi_3', 1, 'of another shop', now(), now())
                    """);
                break;
            case "stock-invariant":
                await ExecuteAsync($"UPDATE stock_items SET on_hand = on_hand + 1");
                break;
        }
    }

    private Task HealAsync(string alert) => alert switch
    {
        "payment-gateway-down" => ExecuteAsync($"UPDATE signals SET is_bad = false WHERE node = 'api:1'"),
        "decline-rate" => EventsAsync("payment_intent.succeeded", 70),
        "webhook-silence" => ExecuteAsync($"INSERT INTO stripe_events (id, type, object_id, payload, received_at) VALUES ('evt_late', 'checkout.session.completed', 'cs_1', {"{}"}, now())"),
        "stuck-outbox" or "job-backlog" or "jobs-failing" => ExecuteAsync($"DELETE FROM outbox"),
        "dead-letters" => BuryAsync(),
        "heartbeat-missing" => ExecuteAsync($"UPDATE signals SET at = now() WHERE node = 'worker:1'"),
        "paid-twice" => ExecuteAsync($"UPDATE reconciliation_differences SET resolved_at = now() WHERE stripe_id = 'pi_2'"),
        _ => ExecuteAsync($"UPDATE stock_items SET on_hand = on_hand - 1"),
    };

    [Fact]
    public async Task Money_taken_twice_that_staff_have_explained_rings_until_then_and_again_when_it_is_another_amount()
    {
        await StartWatcherAsync();
        await InjectAsync("paid-twice");
        await OnlyIncidentAsync("triggered", "it rings");
        await ExecuteAsync($"UPDATE reconciliation_differences SET acknowledged_at = now(), acknowledged_by = 'ann', acknowledged_stripe_minor = 3490 WHERE stripe_id = 'pi_2'");
        await OnlyIncidentAsync("resolved", "it is explained");
        await ExecuteAsync($"UPDATE reconciliation_differences SET stripe_minor = 3000 WHERE stripe_id = 'pi_2'");
        await EventuallyAsync(async () => (await Pager.StatusesAsync()).Contains("triggered", StringComparison.Ordinal), "another amount rings");
    }

    [Fact]
    public async Task What_joins_an_open_incident_is_told_under_the_same_key_and_what_leaves_it_or_comes_again_is_not()
    {
        await StartWatcherAsync();
        await DieAsync();
        await OnlyIncidentAsync("triggered", "the first one rings");
        await DieAsync();
        await ExecuteAsync($"""
            INSERT INTO outbox (id, kind, version, arguments, priority, state, attempt, failures, settled_at, failure_reason)
            VALUES (gen_random_uuid(), 'refund-payment', 1, {"{}"}::jsonb, 1, 'dead', 1, 1, now(), 'stripe-refused')
            """);
        await EventuallyAsync(async () => (await Pager.IncidentsAsync()) is [var only] && only.GetProperty("timeline").GetArrayLength() == 2, "the other kind is told");
        Assert.Contains("refund-payment 1", (await Pager.IncidentsAsync())[0].GetProperty("timeline").ToString());
        await ExecuteAsync($"DELETE FROM outbox WHERE kind = 'refund-payment'");
        await Task.Delay(500);
        await BuryAsync();
        var closed = await OnlyIncidentAsync("resolved", "it is over once");
        Assert.Equal(3, closed.GetProperty("timeline").GetArrayLength());
    }

    private Task FailingAsync(string kind, string reason) => ExecuteAsync($"""
        INSERT INTO outbox (id, kind, version, arguments, priority, state, attempt, failures, failure_reason, created_at, run_after)
        VALUES (gen_random_uuid(), {kind}, 1, {"{}"}::jsonb, 1, 'pending', 5, 5, {reason}, now() - interval '11 min', now() + interval '1 h')
        """);

    private Task WaitingAsync(TimeSpan since) => ExecuteAsync($"""
        INSERT INTO outbox (id, kind, version, arguments, priority, state, attempt, failures, run_after)
        VALUES (gen_random_uuid(), 'send-receipt', 1, {"{}"}::jsonb, 1, 'pending', 0, 0, now() - {since})
        """);

    private Task EventsAsync(string type, int count) => ExecuteAsync($"""
        INSERT INTO stripe_events (id, type, object_id, payload, received_at, applied_at)
        SELECT 'evt_' || {type} || i || random(), {type}, 'pi_' || i, {"{}"}, now(), now() FROM generate_series(1, {count}) AS i
        """);

    private async Task PaidWithoutWebhookAsync()
    {
        await using (var db = Open())
        {
            db.Add(PaidOrder.Example());
            await db.SaveChangesAsync();
        }
        await ExecuteAsync($"UPDATE payments SET session_id = 'cs_1'");
        await ExecuteAsync($"UPDATE orders SET paid_at = now() - interval '11 min'");
    }

    private async Task<int> SignalsAsync()
    {
        await using var db = Open();
        return Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.AsNoTracking(db.Set<Signal>()).Count();
    }
}
