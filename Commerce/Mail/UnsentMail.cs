using Microsoft.EntityFrameworkCore;

namespace Commerce.Mail;

/// <summary>Mails that are still to be made. A mail is made from what the database says when it is sent.</summary>
internal static class UnsentMail
{
    /// <summary>
    /// Whether one of these jobs is still to make its mail, of which no copy can have gone out. It then begins only after the running transaction, and its mail says what
    /// that writes.
    /// </summary>
    /// <param name="kinds">Of <see cref="Outbox.JobKinds"/>, those that mail.</param>
    /// <param name="keys">Their dedupe keys.</param>
    /// <remarks>Locks one row at most: those who lock several do not wait for whom they hold up. The workers skip locked rows.</remarks>
    public static async Task<bool> HoldUnsentMailAsync(this ShopDb db, string[] kinds, string[] keys, CancellationToken cancellation) => (await db.Database.SqlQuery<Guid>(
        $"""
        SELECT o.id AS "Value" FROM outbox o WHERE o.kind = ANY({kinds}) AND o.dedupe_key = ANY({keys}) AND o.state IN ('pending', 'dispatched')
            AND NOT EXISTS (SELECT FROM mail_sends s WHERE s.job_id = o.id AND s.state <> 'refused')
        LIMIT 1 FOR UPDATE OF o
        """).ToListAsync(cancellation)).Count > 0;
}
