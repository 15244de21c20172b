using Commerce;
using Microsoft.EntityFrameworkCore;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>None: it is about everything.</summary>
public sealed record SendLowStockDigestArguments;

/// <summary>Mails staff what is low now, the emptiest first; nothing when nothing is.</summary>
public sealed class SendLowStockDigest(ShopDb db, MailDelivery delivery, LowStockMails mails) : IJob<SendLowStockDigestArguments>
{
    /// <summary>More than anybody reads; the stock list has the rest.</summary>
    private const int MostRows = 200;

    public async Task RunAsync(SendLowStockDigestArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        mails.Recipients();
        var low = await LowStockMails.Of(db.Variants.AsNoTracking().Where(v => v.Stock.Any(s => s.IsLow)), db).ToListAsync(cancellationToken);
        if (low.Count == 0) throw new JobFailedException(FailureKind.Ignore, "nothing-low", "Nothing is low.");
        await delivery.DeliverAsync(run, () => mails.DigestOf(run.Id, [.. low.OrderBy(v => v.Available).ThenBy(v => v.Name, StringComparer.Ordinal).Take(MostRows)]), cancellationToken);
    }
}
