using Commerce.Mail;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Which endpoint.</summary>
public sealed record SendWebhookNoticeArguments(Guid EndpointId);

/// <summary>Tells staff that a merchant's endpoint was switched off, and why.</summary>
public sealed class SendWebhookNotice(StaffMailing staff) : IJob<SendWebhookNoticeArguments>
{
    public Task RunAsync(SendWebhookNoticeArguments arguments, JobRun run, CancellationToken cancellationToken) =>
        staff.LeaveAsync(run, MailTopics.WebhookNotice, arguments.EndpointId, cancellationToken);
}
