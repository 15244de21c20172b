using System.Runtime.CompilerServices;
using Commerce;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Tests.Fixture;
using Tests.Worker.Jobs;
using Worker.Housekeeping;
using Worker.Jobs;

namespace Tests.Worker.Housekeeping;

/// <summary>What decision 0055 promises: each kind of row goes at its age and not a day before, and what is not in the list stays.</summary>
public sealed class PurgeTests(PostgresFixture postgres, RedisFixture redis) : JobTest(postgres, redis)
{
    [Fact]
    public async Task What_is_old_enough_goes_with_what_hangs_on_it_and_the_rest_stays()
    {
        foreach (var retention in global::Commerce.Housekeeping.All)
            foreach (var days in new[] { -1, 1 })
                await AddAsync(retention.Table, retention.Keep + TimeSpan.FromDays(days));
        await WhatWaitsAsync(TimeSpan.FromDays(1000));

        await StartNodeAsync(instead: services => services.AddJobs(jobs => jobs.Add<Purge, NoArguments>(JobKinds.Purge)));
        await using (var db = Open())
        {
            db.Enqueue(new NewJob(JobKinds.Purge, new { }));
            await db.SaveChangesAsync();
        }
        await EventuallyAsync(async () => (await RowsAsync()).Any(row => row.Kind == JobKinds.Purge && row.State == JobState.Done), "it is purged");

        foreach (var retention in global::Commerce.Housekeeping.All)
            Assert.Equal($"{retention.Table}: young", $"{retention.Table}: {string.Join(", ", await NamesAsync(retention.Table))}");
        foreach (var (table, count) in new[] { ("outbox", 3), ("stripe_events", 2), ("mail_sends", 2), ("incidents", 2) })
            Assert.Equal((table, count), (table, await CountAsync(table)));
        Assert.Equal(1, await CountAsync("webhook_deliveries"));
        Assert.Equal(1, await CountAsync("webhook_attempts"));
    }

    [Fact]
    public async Task Many_rows_go_in_several_statements()
    {
        await ExecuteAsync($"INSERT INTO idempotency_records (key, fingerprint, refused, answer, created_at) SELECT 'k' || i, 'f', false, {"{}"}, now() - interval '31 days' FROM generate_series(1, 12000) AS i");
        await using var db = Open();
        var retention = global::Commerce.Housekeeping.All.Single(one => one.Table == "idempotency_records");
        Assert.Equal(12000, await db.PurgeAsync(retention, DateTimeOffset.UtcNow, CancellationToken.None));
        Assert.Equal(0, await db.PurgeAsync(retention, DateTimeOffset.UtcNow, CancellationToken.None));
    }

    /// <summary>A row of that age, named young or old by whether it must stay.</summary>
    private async Task AddAsync(string table, TimeSpan age)
    {
        var at = DateTimeOffset.UtcNow - age;
        var id = Guid.CreateVersion7(at);
        var name = age < global::Commerce.Housekeeping.All.Single(one => one.Table == table).Keep ? "young" : "old";
        switch (table)
        {
            case "outbox":
                await ExecuteAsync($"INSERT INTO outbox (id, kind, version, arguments, priority, state, attempt, failures, settled_at) VALUES ({id}, {name}, 1, {"{}"}::jsonb, 1, 'done', 1, 0, {at})");
                break;
            case "schedule_slots":
                await ExecuteAsync($"INSERT INTO schedule_slots (name, slot, missed_before, noted_at) VALUES ({name}, {at}, 0, {at})");
                break;
            case "idempotency_records":
                await ExecuteAsync($"INSERT INTO idempotency_records (key, fingerprint, refused, answer, created_at) VALUES ({name}, 'f', false, {"{}"}, {at})");
                break;
            case "baskets":
                await ExecuteAsync($"INSERT INTO baskets (id, version, currency, created_at, updated_at) VALUES ({name}, 1, 'EUR', {at}, {at})");
                break;
            case "stripe_events":
                await ExecuteAsync($"INSERT INTO stripe_events (id, type, object_id, payload, received_at, applied_at) VALUES ({name}, 't', 'o', {"{}"}, {at}, {at})");
                break;
            case "webhook_events":
                var endpoint = Guid.NewGuid();
                await ExecuteAsync($"INSERT INTO webhook_endpoints (id, url, event_types, secret, created_at, is_enabled, failed_attempts) VALUES ({endpoint}, 'https://erp.example/', ARRAY['order.paid'], 's', {at}, true, 0)");
                await ExecuteAsync($"INSERT INTO webhook_events (id, type, body, created_at) VALUES ({id}, {name}, {"{}"}, {at})");
                await ExecuteAsync($"INSERT INTO webhook_deliveries (id, event_id, endpoint_id, state) VALUES ({id}, {id}, {endpoint}, 'Delivered')");
                await ExecuteAsync($"INSERT INTO webhook_attempts (id, delivery_id, at, status, took, response) VALUES ({id}, {id}, {at}, 204, interval '1 s', '')");
                break;
            case "mail_sends":
                await ExecuteAsync($"INSERT INTO mail_sends (id, job_id, attempt, template, subject_id, message_id, is_ambiguous, state, started_at, ended_at) VALUES ({id}, {id}, 1, {name}, {id}, 'm', false, 'sent', {at}, {at})");
                break;
            case "incidents":
                await ExecuteAsync($"INSERT INTO incidents (id, alert, state, summary, details, bad_since, resolved_at, is_trigger_tried, send_failures) VALUES ({id}, {name}, 'resolved', '', {"{}"}::jsonb, {at}, {at}, true, 0)");
                break;
            default:
                Assert.Fail($"No row of {table} is tried.");
                break;
        }
    }

    /// <summary>Whatever its age: a dead letter, an event nobody has applied, a mail whose end is open, an incident that goes on.</summary>
    private async Task WhatWaitsAsync(TimeSpan age)
    {
        var at = DateTimeOffset.UtcNow - age;
        var id = Guid.CreateVersion7(at);
        await ExecuteAsync($"INSERT INTO outbox (id, kind, version, arguments, priority, state, attempt, failures, settled_at, failure_reason) VALUES ({id}, 'young', 1, {"{}"}::jsonb, 1, 'dead', 1, 1, {at}, 'test')");
        await ExecuteAsync($"INSERT INTO stripe_events (id, type, object_id, payload, received_at) VALUES ('waits', 't', 'o', {"{}"}, {at})");
        await ExecuteAsync($"INSERT INTO mail_sends (id, job_id, attempt, template, subject_id, message_id, is_ambiguous, state, started_at) VALUES ({id}, {id}, 1, 'young', {id}, 'm', false, 'sending', {at})");
        await ExecuteAsync($"INSERT INTO incidents (id, alert, state, summary, details, bad_since, opened_at, is_trigger_tried, send_failures) VALUES ({id}, 'young', 'open', '', {"{}"}::jsonb, {at}, {at}, true, 0)");
    }

    private async Task<List<string>> NamesAsync(string table)
    {
        var column = table switch
        {
            "outbox" => "kind",
            "schedule_slots" => "name",
            "idempotency_records" => "key",
            "mail_sends" => "template",
            "incidents" => "alert",
            "webhook_events" => "type",
            _ => "id",
        };
        await using var db = Open();
        var names = await db.Database.SqlQuery<string>(FormattableStringFactory.Create($"SELECT DISTINCT {column} AS \"Value\" FROM {table} WHERE {column} NOT IN ('purge', 'waits') ORDER BY 1")).ToListAsync();
        return names;
    }

    private async Task<int> CountAsync(string table)
    {
        await using var db = Open();
        return await db.Database.SqlQuery<int>(FormattableStringFactory.Create($"SELECT count(*)::int AS \"Value\" FROM {table}")).SingleAsync();
    }
}
