using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Commerce.Mail;
using Commerce.Outbox;
using Tests.Fixture;

namespace Tests.Worker.Mail;

public sealed class SendReceiptTests(PostgresFixture postgres, RedisFixture redis, MailServer mail) : MailTest(postgres, redis, mail), IClassFixture<MailServer>
{
    [Fact]
    public async Task A_paid_order_gets_one_receipt_in_the_trace_of_the_order()
    {
        var node = await StartMailerAsync();
        var order = await PayAsync();
        await AllDoneAsync(1);
        var row = await OnlyRowAsync();
        var sent = Assert.Single(await Mail.MailsAsync());
        Assert.Equal($"Your Oddgrain order {order.Number}: receipt", sent.GetProperty("subject").GetString());
        Assert.Equal("mira@example.com", sent.GetProperty("to")[0].GetString());
        Assert.Contains("€1,283.90", sent.GetProperty("html").GetString());
        Assert.Matches("Total paid +€1,283.90", sent.GetProperty("text").GetString());
        Assert.Equal($"<{row.Id:N}@oddgrain.example>", MailServer.Header(sent, "Message-Id"));
        Assert.Equal("auto-generated", MailServer.Header(sent, "Auto-Submitted"));
        var traceParent = MailServer.Header(sent, "traceparent")!;
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", traceParent.Split('-')[1]);

        var ledger = Assert.Single(await LedgerAsync());
        Assert.Equal((MailSendState.Sent, 1, false, order.Id), (ledger.State, ledger.Attempt, ledger.IsAmbiguous, ledger.SubjectId));
        Assert.Contains("Kept as", ledger.Response);

        await EventuallyAsync(() => node.Spans.Any(span => span.OperationName == JobKinds.SendReceipt), "the job's span ended");
        var smtp = node.Spans.Single(span => span.OperationName == "smtp send");
        Assert.Equal(ActivityKind.Client, smtp.Kind);
        Assert.Equal(traceParent.Split('-')[2], smtp.SpanId.ToString());
        Assert.Equal(node.Spans.Single(span => span.OperationName == JobKinds.SendReceipt).SpanId, smtp.ParentSpanId);
    }

    [Theory]
    [InlineData("Mail")]
    [InlineData("Recipient")]
    [InlineData("Data")]
    [InlineData("End")]
    public async Task A_temporary_refusal_is_tried_again_and_no_copy_is_doubtful(string stage)
    {
        await Mail.FaultAsync(new { kind = "Refuse", at = stage, code = 451 });
        await StartMailerAsync();
        await PayAsync();
        await FailedAsync("smtp-deferred");
        Assert.InRange((await OnlyRowAsync()).RunAfter - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(31));
        await RunNowAsync();
        await AllDoneAsync(1);
        Assert.Single(await Mail.MailsAsync());
        var ledger = await LedgerAsync();
        Assert.Equal([MailSendState.Refused, MailSendState.Sent], ledger.Select(send => send.State));
        Assert.All(ledger, send => Assert.False(send.IsAmbiguous));
        Assert.StartsWith("451", ledger[0].Response);
    }

    [Theory]
    [InlineData("Mail")]
    [InlineData("End")]
    public async Task A_final_refusal_is_a_dead_letter_with_the_servers_words(string stage)
    {
        await Mail.FaultAsync(new { kind = "Refuse", at = stage, code = 550, text = "no such mailbox" });
        await StartMailerAsync();
        await PayAsync();
        await EventuallyAsync(async () => (await OnlyRowAsync()).State == JobState.Dead, "it is dead");
        var row = await OnlyRowAsync();
        Assert.Equal("smtp-rejected", row.FailureReason);
        Assert.Contains("no such mailbox", row.FailureDetail);
        Assert.Equal(MailSendState.Refused, Assert.Single(await LedgerAsync()).State);
        Assert.Empty(await Mail.MailsAsync());
    }

    [Fact]
    public async Task A_mail_server_that_is_not_there_is_tried_again()
    {
        await StartMailerAsync(smtpPort: 9);
        await PayAsync();
        await FailedAsync("smtp-deferred");
        Assert.Equal(MailSendState.Refused, (await LedgerAsync())[0].State);
    }

    [Fact]
    public async Task A_worker_that_stops_before_the_server_was_given_the_mail_leaves_no_doubt()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var node = await StartMailerAsync(smtpPort: ((IPEndPoint)silent.LocalEndpoint).Port, answerWithin: TimeSpan.FromMinutes(2));
        await PayAsync();
        using var caller = await silent.AcceptTcpClientAsync();
        await node.StopAsync();
        Assert.Equal(MailSendState.Refused, Assert.Single(await LedgerAsync()).State);
        await StartMailerAsync();
        await AllDoneAsync(1);
        Assert.False((await LedgerAsync())[1].IsAmbiguous);
    }

    [Fact]
    public async Task A_connection_lost_before_the_end_of_the_mail_leaves_no_doubt_or_a_marked_one_and_the_receipt_arrives()
    {
        await Mail.FaultAsync(new { kind = "DropInData" });
        await StartMailerAsync();
        await PayAsync();
        await EventuallyAsync(async () => (await OnlyRowAsync()).Failures == 1, "it failed");
        await RunNowAsync();
        await AllDoneAsync(1);
        Assert.Single(await Mail.MailsAsync());
        // A short mail sits in the socket's buffer as a whole, so the sender cannot tell; the repetition says so.
        var ledger = await LedgerAsync();
        Assert.Equal(ledger[0].State == MailSendState.Unknown, ledger[1].IsAmbiguous);
    }

    [Fact]
    public async Task An_answer_that_never_came_means_one_marked_copy_more_under_the_same_message_id()
    {
        await Mail.FaultAsync(new { kind = "DropAfterAccept" });
        await StartMailerAsync();
        await PayAsync();
        await FailedAsync("smtp-result-unknown");
        await RunNowAsync();
        await AllDoneAsync(1);
        var mails = await Mail.MailsAsync();
        Assert.Equal(2, mails.Count);
        Assert.Single(mails.Select(copy => MailServer.Header(copy, "Message-Id")).Distinct());
        var ledger = await LedgerAsync();
        Assert.Equal([MailSendState.Unknown, MailSendState.Sent], ledger.Select(send => send.State));
        Assert.Equal([false, true], ledger.Select(send => send.IsAmbiguous));
    }

    [Fact]
    public async Task A_server_that_swallows_every_mail_gets_three_and_then_a_person_looks()
    {
        await Mail.FaultAsync(new { kind = "DropAfterAccept", messages = 10 });
        await StartMailerAsync();
        await PayAsync();
        for (var failures = 1; failures < 3; failures++)
        {
            await EventuallyAsync(async () => (await OnlyRowAsync()).Failures == failures, $"failure {failures}");
            await RunNowAsync();
        }
        await EventuallyAsync(async () => (await OnlyRowAsync()).State == JobState.Dead, "it is dead");
        Assert.Equal(3, (await Mail.MailsAsync()).Count);
        Assert.All(await LedgerAsync(), send => Assert.Equal(MailSendState.Unknown, send.State));
    }

    [Fact]
    public async Task A_server_that_hangs_does_not_hold_the_worker()
    {
        await Mail.FaultAsync(new { kind = "Delay", at = "Mail", milliseconds = 20_000 });
        await StartMailerAsync(answerWithin: TimeSpan.FromSeconds(1));
        await PayAsync();
        await FailedAsync("smtp-deferred");
        await RunNowAsync();
        await AllDoneAsync(1);
        Assert.Single(await Mail.MailsAsync());
        Assert.All(await LedgerAsync(), send => Assert.False(send.IsAmbiguous));
    }

    [Fact]
    public async Task An_order_that_was_erased_needs_no_receipt()
    {
        await StartMailerAsync();
        await PayAsync(withOrder: false);
        await AllDoneAsync(1);
        Assert.Empty(await Mail.MailsAsync());
        Assert.Empty(await LedgerAsync());
    }

    [Fact]
    public async Task An_unpaid_order_gets_no_receipt_but_a_person()
    {
        await StartMailerAsync();
        await PayAsync(isPaid: false);
        await EventuallyAsync(async () => (await OnlyRowAsync()).State == JobState.Dead, "it is dead");
        Assert.Equal("order-unpaid", (await OnlyRowAsync()).FailureReason);
        Assert.Empty(await Mail.MailsAsync());
    }
}
