using Commerce.Audit;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Mail;

/// <summary>An attempt to send a mail. The address is the subject's; the ledger has none.</summary>
public sealed record MailSendView(
    Guid Id, Guid JobId, int Attempt, string Template, Guid SubjectId, string State, bool IsAmbiguous, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Response);

/// <summary>A page of the send ledger, newest first.</summary>
public sealed record MailPageView(IReadOnlyList<MailSendView> Items, string? NextCursor);

/// <summary>Closed list of what mail refuses.</summary>
public static class MailRefusals
{
    public const string CursorInvalid = "mail.cursor-invalid";
    public const string NotSuppressed = "mail.address-not-suppressed";
}

/// <summary>What staff see and do about mail.</summary>
public static class MailReads
{
    /// <summary>The ledger, of all mails or in one state (<c>sent</c>, <c>bounced</c>, …) or about one subject.</summary>
    public static async Task<Outcome<MailPageView>> ListMailAsync(
        this ShopDb db, string? state, Guid? subjectId, int limit, string? cursor, CancellationToken cancellation)
    {
        var sends = db.Set<MailSend>().AsNoTracking();
        if (Enum.TryParse<MailSendState>(state, ignoreCase: true, out var wanted)) sends = sends.Where(s => s.State == wanted);
        if (subjectId is not null) sends = sends.Where(s => s.SubjectId == subjectId);
        if (cursor is not null)
        {
            if (IdCursor.Read(cursor) is not { } before) return new Refusal(MailRefusals.CursorInvalid, "The cursor is not one this list has given out.");
            sends = sends.Where(s => s.Id < before);
        }
        var rows = await sends.OrderByDescending(s => s.Id).Take(limit + 1).ToListAsync(cancellation);
        return new MailPageView(
            [.. rows.Take(limit).Select(s => new MailSendView(s.Id, s.JobId, s.Attempt, s.Template, s.SubjectId, s.State.ToString().ToLowerInvariant(), s.IsAmbiguous, s.StartedAt, s.EndedAt, s.Response))],
            rows.Count > limit ? IdCursor.Write(rows[limit - 1].Id) : null);
    }

    /// <summary>The address works again: mail may go there. What was not sent meanwhile is not sent now.</summary>
    public static async Task<Refusal?> LiftSuppressionAsync(this ShopDb db, Actor actor, string? reason, string address, CancellationToken cancellation)
    {
        var hash = MailSuppression.HashOf(address);
        if (await db.Set<MailSuppression>().FirstOrDefaultAsync(s => s.AddressHash == hash, cancellation) is not { } suppression)
            return new Refusal(MailRefusals.NotSuppressed, "No server has refused this address.");
        db.Remove(suppression);
        db.Audit(actor, "mail.suppression-lifted", $"mail-address:{hash}", reason);
        await db.SaveChangesAsync(cancellation);
        return null;
    }
}
