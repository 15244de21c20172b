using System.Diagnostics;
using System.Text.Json;

namespace Commerce.Audit;

/// <summary>The one way to leave a line in the audit trail.</summary>
public static class Auditing
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Adds the line to the current unit of work: it exists exactly if the change it tells of commits.</summary>
    /// <param name="action">Concept and past tense, such as <c>orders.cancelled</c>.</param>
    /// <param name="subject">Kind and name, such as <c>order:OG-7K3M-9QXT</c>.</param>
    /// <param name="reason">In the actor's own words; cut to <see cref="AuditEntry.MaxReasonLength"/>.</param>
    /// <param name="details">What changed, as an object; never a secret.</param>
    public static void Audit(this ShopDb db, Actor actor, string action, string subject, string? reason = null, object? details = null) =>
        db.Set<AuditEntry>().Add(new AuditEntry
        {
            ActorKind = actor.Kind,
            ActorId = actor.Id,
            ActorName = actor.Name,
            Action = action,
            Subject = subject,
            Reason = reason?.CutTo(AuditEntry.MaxReasonLength),
            Details = details is null ? null : JsonSerializer.Serialize(details, Json),
            TraceId = Activity.Current?.TraceId.ToString(),
        });
}
