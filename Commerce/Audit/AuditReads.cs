using System.Buffers.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Audit;

/// <summary>A page of the audit trail, newest first.</summary>
public sealed record AuditPage(IReadOnlyList<AuditLine> Items, string? NextCursor);

/// <summary>Who did what to which thing, and why.</summary>
public sealed record AuditLine(DateTimeOffset At, AuditActor Actor, string Action, string Subject, string? Reason, JsonElement? Details, string? TraceId);

/// <summary>Kind is shopper, staff, api-key or system.</summary>
public sealed record AuditActor(string Kind, string? Id, string Name);

/// <summary>Reading the audit trail.</summary>
public static class AuditReads
{
    /// <summary>One statement. With a subject, only what was done to that thing.</summary>
    public static async Task<Outcome<AuditPage>> ListAuditAsync(this ShopDb db, string? subject, int limit, string? cursor, CancellationToken cancellation)
    {
        var entries = db.Set<AuditEntry>().AsNoTracking();
        if (subject is not null) entries = entries.Where(e => e.Subject == subject);
        if (cursor is not null)
        {
            if (!TryReadCursor(cursor, out var before)) return new Refusal(AuditRefusals.CursorInvalid, "The cursor is not one this list has given out.");
            entries = entries.Where(e => e.Id < before);
        }
        var rows = await entries.OrderByDescending(e => e.Id).Take(limit + 1).ToListAsync(cancellation);
        var lines = rows.Take(limit).Select(e => new AuditLine(e.At, new AuditActor(AuditMapping.NameOf(e.ActorKind), e.ActorId, e.ActorName), e.Action, e.Subject, e.Reason,
            e.Details is null ? null : JsonElement.Parse(e.Details), e.TraceId)).ToList();
        return new AuditPage(lines, rows.Count > limit ? WriteCursor(rows[limit - 1].Id) : null);
    }

    // A cursor is base64url of the last line's id, as eight bytes.
    private static string WriteCursor(long id) => Base64Url.EncodeToString(BitConverter.GetBytes(id));

    private static bool TryReadCursor(string cursor, out long id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        var read = cursor.Length <= 16 && Base64Url.IsValid(cursor) && Base64Url.TryDecodeFromChars(cursor, bytes, out var written) && written == sizeof(long);
        id = read ? BitConverter.ToInt64(bytes) : 0;
        return read;
    }
}
