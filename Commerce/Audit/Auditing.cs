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
    /// <param name="changes">What fields held before and after: <c>changes</c> of the details, unless nothing changed.</param>
    public static void Audit(this ShopDb db, Actor actor, string action, string subject, string? reason = null, object? details = null, AuditChanges? changes = null) =>
        db.Set<AuditEntry>().Add(new AuditEntry
        {
            ActorKind = actor.Kind,
            ActorId = actor.Id,
            ActorName = actor.Name,
            Action = action,
            Subject = subject,
            Reason = reason?.CutTo(AuditEntry.MaxReasonLength),
            Details = changes is { Fields.Count: > 0 } ? WithChanges(details, changes) : details is null ? null : JsonSerializer.Serialize(details, Json),
            TraceId = Activity.Current?.TraceId.ToString(),
        });

    private static string WithChanges(object? details, AuditChanges changes)
    {
        var all = details is null ? [] : JsonSerializer.SerializeToNode(details, Json)!.AsObject();
        all["changes"] = JsonSerializer.SerializeToNode(changes.Fields, Json);
        if (changes.MoreCount > 0) all["moreChanges"] = changes.MoreCount;
        return all.ToJsonString();
    }
}
