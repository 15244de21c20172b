using System.Text.Json;
using Commerce.Catalog;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Audit;

/// <summary>A page of the audit trail, newest first.</summary>
public sealed record AuditPage(IReadOnlyList<AuditLine> Items, string? NextCursor);

/// <summary>
/// Who did what to which thing, and why. Details are what there is to say beyond the action. Those of an edit of the catalogue have changes: for each field that
/// changed its value from before and to after it, and null where there was or is none; an edit that changed nothing has none. Of a product that an import made or changed, and of
/// a collection that it filled, by names the import, such as import:products.csv or import: and the id of its run; what a new product is made of stands in the file alone. Fields of a product's variants, pictures and
/// attributes say whose they are: variants.{id}.sku, variants.{id}.price.EUR (an amount of money), pictures.{id}.alt, attributes.{key}. Of a text longer than 255 characters
/// or a list longer than 20 there is only the part from shortly before the first difference, with … for what is left out; of more than 50 fields the first 50, and
/// moreChanges says how many there were besides.
/// </summary>
public sealed record AuditLine(DateTimeOffset At, AuditActor Actor, string Action, string Subject, string? Reason, JsonElement? Details, string? TraceId);

/// <summary>Kind is shopper, staff, api-key or system.</summary>
public sealed record AuditActor(string Kind, string? Id, string Name);

/// <summary>Reading the audit trail.</summary>
public static class AuditReads
{
    /// <summary>
    /// One statement; two more where the subject is a product or collection. With a subject, only what was done to that thing: all lines under this name, and those
    /// under the former names of the product or collection that has it now, as far as they say that they are about that one.
    /// </summary>
    public static async Task<Outcome<AuditPage>> ListAuditAsync(this ShopDb db, string? subject, int limit, string? cursor, CancellationToken cancellation)
    {
        var entries = db.Set<AuditEntry>().AsNoTracking();
        if (subject is not null)
            entries = await db.FindFormerNamesAsync(subject, cancellation) is { } former ? db.LinesOf(subject, former) : entries.Where(e => e.Subject == subject);
        if (cursor is not null)
        {
            if (RowCursor.Read(cursor) is not { } before) return new Refusal(AuditRefusals.CursorInvalid, "The cursor is not one this list has given out.");
            entries = entries.Where(e => e.Id < before);
        }
        var rows = await entries.OrderByDescending(e => e.Id).Take(limit + 1).ToListAsync(cancellation);
        var lines = rows.Take(limit).Select(e => new AuditLine(e.At, new AuditActor(AuditMapping.NameOf(e.ActorKind), e.ActorId, e.ActorName), e.Action, e.Subject, e.Reason,
            e.Details is null ? null : JsonElement.Parse(e.Details), e.TraceId)).ToList();
        return new AuditPage(lines, rows.Count > limit ? RowCursor.Write(rows[limit - 1].Id) : null);
    }

    /// <summary>Lines about the terms of a variant once named the variant and not its product.</summary>
    private static IQueryable<AuditEntry> LinesOf(this ShopDb db, string subject, FormerNames former)
    {
        string[] subjects = [subject, .. former.Subjects];
        return db.Set<AuditEntry>().FromSql($"""
            SELECT * FROM audit_entries WHERE subject = ANY({subjects}) AND (subject = {subject} OR details->>'id' = {former.Id.ToString()}
                OR (details->>'id' IS NULL AND details->>'variantId' IN (SELECT v.id::text FROM variants v WHERE v.product_id = {former.Id})))
            """).AsNoTracking();
    }
}
