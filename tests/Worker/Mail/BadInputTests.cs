using Commerce.Audit;
using Commerce.Jobs;
using Commerce.OnCall;
using Commerce.Outbox;
using Tests.Fixture;
using Tests.Worker.Watchdog;

namespace Tests.Worker.Mail;

/// <summary>Experiment 10 and the queue's bad input, on the Worker as it ships: each ends as documented, all ring once, and the queue flows on.</summary>
public sealed class BadInputTests(PostgresFixture postgres, RedisFixture redis, MailServer mail, PagerServer pager)
    : MailTest(postgres, redis, mail), IClassFixture<MailServer>, IClassFixture<PagerServer>
{
    [Fact]
    public async Task Bad_input_dead_letters_or_retries_as_documented_and_a_receipt_passes_by()
    {
        await ExecuteAsync($$"""
            INSERT INTO outbox (id, kind, version, arguments, priority, state, attempt, failures) VALUES
            (gen_random_uuid(), 'from-the-future', 1, '{}', 0, 'pending', 0, 0),
            (gen_random_uuid(), 'from-the-future', 1, '{}', 0, 'pending', {{JobKind.UnknownMaxFailures - 1}}, {{JobKind.UnknownMaxFailures - 1}}),
            (gen_random_uuid(), 'send-receipt', 1, '{"order":"no-guid"}', 0, 'pending', 0, 0),
            (gen_random_uuid(), 'send-receipt', 1, '{"orderId":"no-guid"}', 0, 'pending', 0, 0),
            (gen_random_uuid(), 'send-receipt', 1, '{"orderId":"0192d3a4-0000-7000-8000-00000000dead"}', 0, 'pending', 0, 0),
            (gen_random_uuid(), 'expire-reservation', 1, '{"orderId":"0192d3a4-0000-7000-8000-00000000dead"}', 0, 'pending', 0, 0),
            (gen_random_uuid(), 'void-payment', 1, '{"orderId":"0192d3a4-0000-7000-8000-00000000dead"}', 0, 'pending', 0, 0),
            (gen_random_uuid(), 'refund-payment', 1, '{"refundId":"0192d3a4-0000-7000-8000-00000000dead"}', 0, 'pending', 0, 0)
            """);
        await using var worker = WorkerProcess.Start(Shop, Redis, Mail.SmtpPort,
            ("PagerDuty__RoutingKey", PagerServer.Key), ("PagerDuty__ApiBase", pager.Url), ("Watchdog__Every", "00:00:00.200"), ("Watchdog__ResolveAfter", "00:00:01"));
        var order = await PayAsync();
        await EventuallyAsync(async () => (await LedgerAsync()).Any(send => send.SubjectId == order.Id && send.State == Commerce.Mail.MailSendState.Sent), "the receipt is sent", worker.Output);
        await EventuallyAsync(async () => (await RowsAsync()).All(row => row.SettledAt is not null || row.Failures > 0), "every row was tried", worker.Output);

        var ends = (await RowsAsync()).Where(row => row.DedupeKey is null).Select(row => (row.Kind, row.State, row.Failures, row.FailureReason)).Order().ToArray();
        Assert.Equal(
            [
                ("expire-reservation", JobState.Done, 0, "order-gone"),
                ("from-the-future", JobState.Pending, 1, "unknown-kind"),
                ("from-the-future", JobState.Dead, JobKind.UnknownMaxFailures, "unknown-kind"),
                ("refund-payment", JobState.Done, 0, "order-gone"),
                ("send-receipt", JobState.Done, 0, "order-gone"),
                ("send-receipt", JobState.Dead, 1, "malformed-arguments"),
                ("send-receipt", JobState.Dead, 1, "malformed-arguments"),
                ("void-payment", JobState.Done, 0, "order-gone"),
            ], ends);
        await using var db = Open();
        var alert = Assert.Single((await JobHealth.ReadAsync(db, CancellationToken.None)).Alerts());
        Assert.StartsWith("Dead letters: from-the-future 1, send-receipt 2, ", alert.Summary);

        await EventuallyAsync(async () => await pager.StatusesAsync() == "triggered", "it rings once", worker.Output);
        Assert.Equal("oddgrain/dead-letters", (await pager.IncidentsAsync())[0].GetProperty("dedupKey").GetString());
        Assert.Equal(3, (await db.DiscardAsync(new DeadLetterChoice(All: true), Actor.System("test"), "nothing to save", CancellationToken.None)).Value.Count);
        await EventuallyAsync(async () => await pager.StatusesAsync() == "resolved", "and is over once a person has looked", worker.Output);
    }
}
