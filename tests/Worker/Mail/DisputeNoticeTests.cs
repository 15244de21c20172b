using Commerce.Outbox;
using Commerce.Payments;
using Tests.Fixture;

namespace Tests.Worker.Mail;

public sealed class DisputeNoticeTests(PostgresFixture postgres, RedisFixture redis, MailServer mail) : MailTest(postgres, redis, mail), IClassFixture<MailServer>
{
    [Fact]
    public async Task Each_of_the_staff_is_told_once_of_a_dispute()
    {
        await StartMailerAsync();
        await DisputeAsync("needs_response");
        await DoneAsync(1 + 2);
        var mails = await Mail.MailsAsync();
        Assert.Equal(["ann@oddgrain.example", "bob@oddgrain.example"], mails.Select(one => one.GetProperty("to")[0].GetString()).Order(StringComparer.Ordinal));
        Assert.All(mails, one => Assert.Equal("Order OG-7K3M-9QXT is disputed: €1,283.90", one.GetProperty("subject").GetString()));
        Assert.All(mails, one => Assert.Contains("https://dashboard.stripe.com/payments", one.GetProperty("text").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dispute_that_was_decided_before_the_mail_went_out_is_no_news()
    {
        await StartMailerAsync();
        await DisputeAsync("won");
        await DoneAsync(1 + 2);
        Assert.Equal(["dispute-closed", "dispute-closed"], (await RowsAsync()).Where(row => row.Kind == JobKinds.SendStaffMail).Select(row => row.FailureReason));
        Assert.Empty(await Mail.MailsAsync());
    }

    private async Task DisputeAsync(string status)
    {
        await using var db = Open();
        var order = PaidOrder.Example();
        var dispute = new Dispute { OrderId = order.Id, StripeDisputeId = "du_1", AmountMinor = order.TotalMinor, Currency = "EUR", Reason = "fraudulent", Status = status, OpenedAt = order.PlacedAt };
        if (Dispute.IsFinal(status)) typeof(Dispute).GetProperty(nameof(Dispute.ClosedAt))!.SetValue(dispute, order.PlacedAt);
        db.Add(order);
        db.Add(dispute);
        db.Enqueue(new NewJob(JobKinds.SendDisputeNotice, new { disputeId = dispute.Id }, $"dispute:{dispute.Id}", order.TraceParent));
        await db.SaveChangesAsync();
    }

    private Task DoneAsync(int count) => EventuallyAsync(
        async () => await RowsAsync() is var rows && rows.Count == count && rows.All(row => row.State == JobState.Done), $"{count} jobs are done");
}
