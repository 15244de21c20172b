using System.Diagnostics;
using System.Text.Json;

namespace Commerce.Outbox;

/// <summary>The one way to leave a side effect in a transaction.</summary>
public static class Enqueueing
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Adds the job to the current unit of work: it exists exactly if the unit of work commits.</summary>
    /// <exception cref="ArgumentException">The kind is none of <see cref="JobKinds"/>.</exception>
    public static void Enqueue(this ShopDb db, NewJob job) => db.Set<OutboxRow>().Add(RowOf(job));

    /// <summary>The row of a job, for those who write many at once.</summary>
    /// <exception cref="ArgumentException">The kind is none of <see cref="JobKinds"/>.</exception>
    internal static OutboxRow RowOf(NewJob job)
    {
        if (!JobKinds.All.TryGetValue(job.Kind, out var kind))
            throw new ArgumentException($"There is no job kind '{job.Kind}'.", nameof(job));
        return new OutboxRow
        {
            Kind = kind.Name,
            Version = kind.Version,
            Arguments = JsonSerializer.Serialize(job.Arguments, Json),
            DedupeKey = job.DedupeKey,
            TraceParent = job.TraceParent ?? Activity.Current?.Id,
            Priority = job.Priority,
            RunAfter = job.RunAfter?.ToUniversalTime() ?? default,
        };
    }
}
