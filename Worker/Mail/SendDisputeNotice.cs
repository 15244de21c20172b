using Commerce.Mail;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Which dispute.</summary>
public sealed record SendDisputeNoticeArguments(Guid DisputeId);

/// <summary>Tells staff that a shopper disputes a payment at the bank: until evidence is due it can be answered, at Stripe.</summary>
public sealed class SendDisputeNotice(StaffMailing staff) : IJob<SendDisputeNoticeArguments>
{
    public Task RunAsync(SendDisputeNoticeArguments arguments, JobRun run, CancellationToken cancellationToken) =>
        staff.LeaveAsync(run, MailTopics.DisputeNotice, arguments.DisputeId, cancellationToken);
}
