using Commerce.Mail;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Which variant.</summary>
public sealed record AlertLowStockArguments(Guid VariantId);

/// <summary>Tells staff that a variant has fallen to its threshold: one job, and so one mail to each, per crossing.</summary>
public sealed class AlertLowStock(StaffMailing staff) : IJob<AlertLowStockArguments>
{
    public Task RunAsync(AlertLowStockArguments arguments, JobRun run, CancellationToken cancellationToken) =>
        staff.LeaveAsync(run, MailTopics.LowStock, arguments.VariantId, cancellationToken);
}
