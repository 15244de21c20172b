using System.Net;
using Commerce.Mail;
using Commerce.Outbox;
using Npgsql;
using Tests.Fixture;

namespace Tests.Worker.Mail;

/// <summary>Real kills of the real process.</summary>
public sealed class KilledWorkerTests(PostgresFixture postgres, RedisFixture redis, MailServer mail) : MailTest(postgres, redis, mail), IClassFixture<MailServer>
{
    [Fact]
    public async Task Killed_between_the_servers_acceptance_and_the_settlement_one_marked_copy_more_is_sent()
    {
        // The server takes its time to accept; meanwhile the row is locked, so that the settlement cannot come through.
        await Mail.FaultAsync(new { kind = "Delay", at = "End", milliseconds = 3000 });
        await using (var doomed = WorkerProcess.Start(Shop, Redis, Mail.SmtpPort))
        {
            await PayAsync();
            await EventuallyAsync(async () => (await LedgerAsync()).Count == 1, "the first attempt began", doomed.Output);
            await using var source = NpgsqlDataSource.Create(Shop);
            await using var connection = await source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand("SELECT 1 FROM outbox FOR UPDATE", connection, transaction)) await hold.ExecuteNonQueryAsync();
            await EventuallyAsync(async () => (await Mail.MailsAsync()).Count == 1, "the server accepted the mail");
            await doomed.KillAsync();
        }
        var row = await OnlyRowAsync();
        Assert.Equal((JobState.Running, 1), (row.State, row.Attempt));
        Assert.Equal(MailSendState.Sending, Assert.Single(await LedgerAsync()).State);

        // As if the lease had run out.
        await ExecuteAsync($"UPDATE outbox SET lease_until = now()");
        await StartMailerAsync();
        await AllDoneAsync(1);
        var mails = await Mail.MailsAsync();
        Assert.Equal(2, mails.Count);
        Assert.Single(mails.Select(copy => MailServer.Header(copy, "Message-Id")).Distinct());
        var ledger = await LedgerAsync();
        Assert.Equal([MailSendState.Unknown, MailSendState.Sent], ledger.Select(send => send.State));
        Assert.Equal([false, true], ledger.Select(send => send.IsAmbiguous));
        row = await OnlyRowAsync();
        Assert.Equal((2, 1, "lease-lost"), (row.Attempt, row.Failures, row.FailureReason));
    }

    [Fact]
    public async Task A_killed_workers_job_waits_for_its_lease_and_no_longer()
    {
        await Mail.FaultAsync(new { kind = "Delay", at = "Mail", milliseconds = 60_000 });
        await using (var doomed = WorkerProcess.Start(Shop, Redis, Mail.SmtpPort))
        {
            await PayAsync();
            await EventuallyAsync(async () => (await LedgerAsync()).Count == 1, "the first attempt began", doomed.Output);
            await doomed.KillAsync();
        }
        // A shorter lease, to save the test's time; the rule is the same.
        await ExecuteAsync($"UPDATE outbox SET lease_until = now() + interval '4 s'");
        var leaseUntil = (await OnlyRowAsync()).LeaseUntil!.Value;
        await StartMailerAsync();
        await AllDoneAsync(1);
        var second = (await LedgerAsync())[1];
        Assert.InRange(second.StartedAt - leaseUntil, TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task The_worker_is_ready_with_its_database_alive_without_it_and_stops_when_told()
    {
        using var http = new HttpClient();
        await using (var worker = WorkerProcess.Start(Shop, "127.0.0.1:9", Mail.SmtpPort))
        {
            await EventuallyAsync(() => AnswersAsync(http, worker, "/health", HttpStatusCode.OK), "it is ready, without Redis", worker.Output);
            Assert.True(await AnswersAsync(http, worker, "/alive", HttpStatusCode.OK));
            await PayAsync();
            await AllDoneAsync(1);
            await worker.TerminateAsync();
            Assert.Equal(0, worker.ExitCode);
            Assert.DoesNotContain(worker.Output, line => line.Contains("/health", StringComparison.Ordinal));
        }
        await using var alone = WorkerProcess.Start("Host=127.0.0.1;Port=9;Username=nobody;Database=shop;Timeout=2", Redis, Mail.SmtpPort);
        await EventuallyAsync(() => AnswersAsync(http, alone, "/alive", HttpStatusCode.OK), "it is alive", alone.Output);
        Assert.True(await AnswersAsync(http, alone, "/health", HttpStatusCode.ServiceUnavailable));
    }

    [Fact]
    public async Task A_missing_setting_is_named_at_start()
    {
        await using var worker = WorkerProcess.Start(Shop, Redis, Mail.SmtpPort, ("Smtp__From", ""));
        await EventuallyAsync(() => worker.HasExited, "it gave up");
        Assert.NotEqual(0, worker.ExitCode);
        Assert.Contains(worker.Output, line => line.Contains("From", StringComparison.Ordinal));
    }

    private static async Task<bool> AnswersAsync(HttpClient http, WorkerProcess worker, string path, HttpStatusCode expected)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(worker.Address, path));
            return answer.StatusCode == expected;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
