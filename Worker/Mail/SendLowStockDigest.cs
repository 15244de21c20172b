using Commerce;
using Commerce.Mail;
using Microsoft.EntityFrameworkCore;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Tells staff what is low now; nobody when nothing is. Its own id is what the mails are about.</summary>
public sealed class SendLowStockDigest(ShopDb db, StaffMailing staff) : IJob<NoArguments>
{
    public async Task RunAsync(NoArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        if (!await db.Variants.AnyAsync(LowVariant.IsTold, cancellationToken)) throw new JobFailedException(FailureKind.Ignore, "nothing-low", "Nothing is low.");
        await staff.LeaveAsync(run, MailTopics.LowStockDigest, run.Id, cancellationToken);
    }
}
