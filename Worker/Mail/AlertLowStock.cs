using Commerce;
using Microsoft.EntityFrameworkCore;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Which variant.</summary>
public sealed record AlertLowStockArguments(Guid VariantId);

/// <summary>Mails staff that a variant has fallen to its threshold: one job, and so one mail, per crossing.</summary>
public sealed class AlertLowStock(ShopDb db, MailDelivery delivery, LowStockMails mails) : IJob<AlertLowStockArguments>
{
    public async Task RunAsync(AlertLowStockArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        mails.Recipients();
        var variant = await LowStockMails.Of(db.Variants.AsNoTracking().Where(v => v.Id == arguments.VariantId), db).FirstOrDefaultAsync(cancellationToken)
            ?? throw new JobFailedException(FailureKind.Ignore, "variant-removed", $"Variant {arguments.VariantId} is no longer there.");
        await delivery.DeliverAsync(run, () => mails.AlertOf(variant), cancellationToken);
    }
}
