using Commerce.Mail;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Payments;
using Tests.Fixture;

namespace Tests.Worker.Mail;

public sealed class OrderMailJobsTests(PostgresFixture postgres, RedisFixture redis, MailServer mail) : MailTest(postgres, redis, mail), IClassFixture<MailServer>
{
    [Fact]
    public async Task Each_thing_that_happens_to_an_order_is_mailed_once_to_its_buyer()
    {
        await StartMailerAsync();
        await using (var db = Open())
        {
            var order = PaidOrder.Example();
            db.Add(order);
            await db.SaveChangesAsync();
            var parcel = new Fulfilment { OrderId = order.Id, SentAt = order.PlacedAt, IdempotencyKey = "1", Fingerprint = "1" };
            parcel.Lines.Add(new FulfilmentLine { FulfilmentId = parcel.Id, Position = 2, Quantity = 1 });
            order.Send(parcel);
            var refund = new Refund { OrderId = order.Id, Cause = RefundCause.Staff, AmountMinor = 4_900, Currency = "EUR", RequestedAt = order.PlacedAt };
            db.Add(parcel);
            db.Add(refund);
            parcel.Track(new Tracking("DHL", "JJD1", null));
            db.Enqueue(new NewJob(JobKinds.SendShippingNotice, new { fulfilmentId = parcel.Id }));
            db.Enqueue(new NewJob(JobKinds.SendTrackingNotice, new { fulfilmentId = parcel.Id }));
            db.Enqueue(new NewJob(JobKinds.SendRefundNotice, new { refundId = refund.Id }));
            await db.SaveChangesAsync();
        }
        await AllDoneAsync(3);
        var subjects = (await Mail.MailsAsync()).Select(sent => sent.GetProperty("subject").GetString()).Order();
        Assert.Equal(["A refund for your Oddgrain order OG-7K3M-9QXT", "How to follow the parcel of your Oddgrain order OG-7K3M-9QXT", "Your Oddgrain order OG-7K3M-9QXT is on its way"], subjects);
        Assert.All(await LedgerAsync(), send => Assert.Equal(MailSendState.Sent, send.State));
    }

    [Fact]
    public async Task A_cancelled_order_is_told_so_and_one_that_is_not_is_a_persons_matter()
    {
        await StartMailerAsync();
        await using (var db = Open())
        {
            var order = PaidOrder.Example();
            db.Add(order);
            db.Enqueue(new NewJob(JobKinds.SendCancellation, new { orderId = order.Id }));
            await db.SaveChangesAsync();
        }
        await EventuallyAsync(async () => (await OnlyRowAsync()).State == JobState.Dead, "the paid order is not told that it is cancelled");
        Assert.Equal("order-not-cancelled", (await OnlyRowAsync()).FailureReason);
        await ExecuteAsync($"UPDATE orders SET status = 'Cancelled', closed_at = now()");
        await ExecuteAsync($"UPDATE outbox SET state = 'pending', settled_at = NULL, run_after = now()");
        await AllDoneAsync(1);
        Assert.Contains("the money you paid goes back", Assert.Single(await Mail.MailsAsync()).GetProperty("text").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(128_390, false, "All that you paid was refunded before")]
    [InlineData(60_000, false, "All that you paid was refunded before")] // of which more was promised than the shop took
    [InlineData(128_390, true, "Your bank has taken back what you paid")]
    public async Task Whoever_has_all_the_money_back_is_not_promised_it_again(long capturedMinor, bool isChargedBack, string told)
    {
        await StartMailerAsync();
        await using (var db = Open())
        {
            var order = PaidOrder.Example();
            order.Payment!.CapturedMinor = capturedMinor;
            order.Cancel(order.PlacedAt.AddDays(1));
            db.Add(order);
            if (isChargedBack)
                db.Add(new Dispute { OrderId = order.Id, StripeDisputeId = "du_1", AmountMinor = capturedMinor, Currency = "EUR", Reason = "fraudulent", Status = "lost", Funds = DisputeFunds.Withdrawn, OpenedAt = order.PlacedAt });
            else
                db.Add(new Refund { OrderId = order.Id, Cause = RefundCause.Staff, AmountMinor = capturedMinor, Currency = "EUR", RequestedAt = order.PlacedAt });
            db.Enqueue(new NewJob(JobKinds.SendCancellation, new { orderId = order.Id }));
            await db.SaveChangesAsync();
        }
        await AllDoneAsync(1);
        Assert.Contains(told, Assert.Single(await Mail.MailsAsync()).GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tracking_that_was_taken_away_before_its_mail_is_not_told()
    {
        await StartMailerAsync();
        await using (var db = Open())
        {
            var order = PaidOrder.Example();
            db.Add(order);
            await db.SaveChangesAsync();
            var parcel = new Fulfilment { OrderId = order.Id, SentAt = order.PlacedAt, IdempotencyKey = "1", Fingerprint = "1" };
            parcel.Lines.Add(new FulfilmentLine { FulfilmentId = parcel.Id, Position = 2, Quantity = 1 });
            order.Send(parcel);
            db.Add(parcel);
            db.Enqueue(new NewJob(JobKinds.SendTrackingNotice, new { fulfilmentId = parcel.Id }));
            await db.SaveChangesAsync();
        }
        await AllDoneAsync(1);
        Assert.Equal("tracking-gone", (await OnlyRowAsync()).FailureReason);
        Assert.Empty(await Mail.MailsAsync());
    }

    [Fact]
    public async Task An_order_that_was_erased_is_done_and_mails_nobody()
    {
        await StartMailerAsync();
        await using (var db = Open())
        {
            db.Enqueue(new NewJob(JobKinds.SendShippingNotice, new { fulfilmentId = Guid.NewGuid() }));
            db.Enqueue(new NewJob(JobKinds.SendTrackingNotice, new { fulfilmentId = Guid.NewGuid() }));
            db.Enqueue(new NewJob(JobKinds.SendRefundNotice, new { refundId = Guid.NewGuid() }));
            db.Enqueue(new NewJob(JobKinds.SendCancellation, new { orderId = Guid.NewGuid() }));
            await db.SaveChangesAsync();
        }
        await AllDoneAsync(4);
        Assert.Empty(await Mail.MailsAsync());
        Assert.Empty(await LedgerAsync());
    }

    [Fact]
    public async Task An_address_that_bounces_wakes_nobody_and_is_not_written_to_again()
    {
        await Mail.FaultAsync(new { kind = "Refuse", at = "Recipient", code = 550, text = "no such mailbox" });
        await StartMailerAsync();
        var order = await PayAsync();
        await AllDoneAsync(1);
        await using (var db = Open())
        {
            db.Enqueue(new NewJob(JobKinds.SendReceipt, new { orderId = order.Id }));
            await db.SaveChangesAsync();
        }
        await AllDoneAsync(2);
        Assert.Empty(await Mail.MailsAsync());
        var ledger = (await LedgerAsync()).OrderBy(send => send.Id).ToList();
        Assert.Equal([MailSendState.Bounced, MailSendState.Suppressed], ledger.Select(send => send.State));
        Assert.Contains("no such mailbox", ledger[0].Response, StringComparison.Ordinal);
        await using var look = Open();
        Assert.Equal(MailSuppression.HashOf(" MIRA@example.com"), Assert.Single(look.Set<MailSuppression>().ToList()).AddressHash);
    }

    [Fact]
    public async Task A_mail_that_cannot_be_made_is_a_dead_letter_at_once_and_the_queue_flows_on()
    {
        await StartMailerAsync();
        var order = await PayAsync();
        await AllDoneAsync(1);
        await ExecuteAsync($"UPDATE orders SET shipping_address_country_code = '!!'");
        await using (var db = Open())
        {
            db.Enqueue(new NewJob(JobKinds.SendReceipt, new { orderId = order.Id }));
            db.Enqueue(new NewJob(JobKinds.SendRefundNotice, new { refundId = Guid.NewGuid() }));
            await db.SaveChangesAsync();
        }
        await EventuallyAsync(async () => (await RowsAsync()).Any(row => row.State == JobState.Dead), "it is dead");
        await AllDoneAsync(2);
        var dead = (await RowsAsync()).Single(row => row.State == JobState.Dead);
        Assert.Equal(("template-error", 1), (dead.FailureReason, dead.Failures));
    }

    [Fact]
    public async Task A_mail_of_ten_megabytes_goes_out_and_a_server_that_hangs_in_the_middle_of_it_does_not_hold_the_queue()
    {
        await Mail.FaultAsync(new { kind = "Hang", milliseconds = 600_000 });
        await StartMailerAsync(answerWithin: TimeSpan.FromSeconds(2));
        await using (var db = Open())
        {
            var order = PaidOrder.Example();
            db.Add(order);
            await db.SaveChangesAsync();
            await ExecuteAsync($"UPDATE order_lines SET title = repeat('Tidal field ', 450000) WHERE position = 1");
            db.Enqueue(new NewJob(JobKinds.SendReceipt, new { orderId = order.Id }));
            await db.SaveChangesAsync();
        }
        await EventuallyAsync(async () => (await OnlyRowAsync()).Failures == 1, "the hanging server was given up on");
        Assert.Equal("smtp-deferred", (await OnlyRowAsync()).FailureReason);
        await RunNowAsync();
        await AllDoneAsync(1);
        Assert.InRange(Assert.Single(await Mail.MailsAsync()).GetProperty("size").GetInt64(), 10_000_000, 30_000_000);
        Assert.Equal([false, false], (await LedgerAsync()).Select(send => send.IsAmbiguous));
    }

    [Fact]
    public async Task A_mail_that_is_too_large_for_the_server_is_a_dead_letter()
    {
        await Mail.FaultAsync(new { kind = "Refuse", at = "Mail", code = 552, text = "message size exceeds the limit" });
        await StartMailerAsync();
        await PayAsync();
        await EventuallyAsync(async () => (await OnlyRowAsync()).State == JobState.Dead, "it is dead");
        Assert.Equal("smtp-rejected", (await OnlyRowAsync()).FailureReason);
    }
}
