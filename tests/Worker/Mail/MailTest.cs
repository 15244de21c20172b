using Commerce.Mail;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Payments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tests.Fixture;
using Tests.Worker.Jobs;
using Worker.Jobs;
using Worker.Mail;

namespace Tests.Worker.Mail;

/// <summary>A worker that sends receipts to the mail emulator.</summary>
public abstract class MailTest(PostgresFixture postgres, RedisFixture redis, MailServer mail) : JobTest(postgres, redis)
{
    protected MailServer Mail => mail;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await mail.ResetAsync();
    }

    protected Task<JobNode> StartMailerAsync(int? smtpPort = null, TimeSpan? answerWithin = null)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Smtp:Host"] = "127.0.0.1",
            ["Smtp:Port"] = $"{smtpPort ?? mail.SmtpPort}",
            ["Smtp:From"] = "Oddgrain <orders@oddgrain.example>",
            ["Mail:StaffRecipients:0"] = "ann@oddgrain.example",
            ["Mail:StaffRecipients:1"] = "bob@oddgrain.example",
            ["Smtp:AnswerWithin"] = $"{answerWithin ?? TimeSpan.FromSeconds(10)}",
        };
        return StartNodeAsync(instead: services =>
        {
            services.AddMail(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
            services.Configure<PublicAddress>(address => address.PublicUrl = "http://localhost:8080");
            services.AddJobs(jobs => jobs
                .Add<SendReceipt, SendReceiptArguments>(JobKinds.SendReceipt)
                .Add<SendShippingNotice, SendShippingNoticeArguments>(JobKinds.SendShippingNotice)
                .Add<SendTrackingNotice, SendTrackingNoticeArguments>(JobKinds.SendTrackingNotice)
                .Add<AlertLowStock, AlertLowStockArguments>(JobKinds.AlertLowStock)
                .Add<SendLowStockDigest, NoArguments>(JobKinds.SendLowStockDigest)
                .Add<SendDisputeNotice, SendDisputeNoticeArguments>(JobKinds.SendDisputeNotice)
                .Add<SendStaffMail, SendStaffMailArguments>(JobKinds.SendStaffMail)
                .Add<SendCancellation, SendCancellationArguments>(JobKinds.SendCancellation)
                .Add<SendRefundNotice, SendRefundNoticeArguments>(JobKinds.SendRefundNotice));
        });
    }

    /// <summary>A paid order and the job for its receipt, as paying leaves them.</summary>
    protected async Task<Order> PayAsync(bool isPaid = true, bool withOrder = true, int index = 1)
    {
        await using var db = Open();
        var order = PaidOrder.Example(isPaid: isPaid, index: index);
        if (withOrder) db.Add(order);
        db.Enqueue(new NewJob(JobKinds.SendReceipt, new { orderId = order.Id }, $"order:{order.Id}", order.TraceParent));
        await db.SaveChangesAsync();
        return order;
    }

    protected async Task<List<MailSend>> LedgerAsync()
    {
        await using var db = Open();
        return await db.Set<MailSend>().AsNoTracking().OrderBy(send => send.Attempt).ToListAsync();
    }

    protected Task FailedAsync(string reason) => EventuallyAsync(async () => (await OnlyRowAsync()).FailureReason == reason, $"the job failed: {reason}");

    /// <summary>As if the back-off had passed.</summary>
    protected Task RunNowAsync() => ExecuteAsync($"UPDATE outbox SET run_after = now() WHERE state = 'pending'");
}
