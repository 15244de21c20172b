using Commerce.Mail;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Which refund.</summary>
public sealed record SendRefundFailureArguments(Guid RefundId);

/// <summary>Tells staff that the bank or Stripe has sent a refund back: the money is with the shop, and the shopper may have been told that it was coming.</summary>
public sealed class SendRefundFailure(StaffMailing staff) : IJob<SendRefundFailureArguments>
{
    public Task RunAsync(SendRefundFailureArguments arguments, JobRun run, CancellationToken cancellationToken) =>
        staff.LeaveAsync(run, MailTopics.RefundFailure, arguments.RefundId, cancellationToken);
}
