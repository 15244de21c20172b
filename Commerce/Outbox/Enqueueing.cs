using System.Diagnostics;
using System.Text.Json;
using Commerce.Jobs;

namespace Commerce.Outbox;

/// <summary>The one way to leave a side effect in a transaction.</summary>
public static class Enqueueing
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Adds the job to the current unit of work: it exists exactly if the unit of work commits.</summary>
    /// <returns>The job's id.</returns>
    /// <exception cref="ArgumentException">The kind is none of <see cref="JobKinds"/>.</exception>
    public static Guid Enqueue(this ShopDb db, NewJob job)
    {
        var row = RowOf(job);
        db.Set<OutboxRow>().Add(row);
        return row.Id;
    }

    /// <summary>Writes the jobs with one statement, at once, into the current transaction: for what fans out.</summary>
    /// <exception cref="ArgumentException">A kind is none of <see cref="JobKinds"/>.</exception>
    /// <exception cref="InvalidOperationException">There is no transaction: the jobs would not belong to their cause.</exception>
    public static async Task EnqueueAsync(this ShopDb db, IReadOnlyCollection<NewJob> jobs, CancellationToken cancellation)
    {
        if (db.Database.CurrentTransaction is null) throw new InvalidOperationException("Jobs are written in the transaction that causes them.");
        if (jobs.Count == 0) return;
        await db.RunAsync([MultiRowInsert.Of(db, [.. jobs.Select(RowOf)])], cancellation);
        SignalAfterCommit.Expect(db);
    }

    /// <summary>The row of a job, for those who write many at once.</summary>
    /// <exception cref="ArgumentException">The kind is none of <see cref="JobKinds"/>.</exception>
    internal static OutboxRow RowOf(NewJob job) => JobKinds.All.TryGetValue(job.Kind, out var kind)
        ? Row(kind, job) : throw new ArgumentException($"There is no job kind '{job.Kind}'.", nameof(job));

    /// <exception cref="ArgumentException">A kind with keys comes with one, any other without.</exception>
    internal static OutboxRow Row(JobKind kind, NewJob job)
    {
        if (kind.HasKey != job.BatchKey is not null)
            throw new ArgumentException(kind.HasKey ? $"A {kind.Name} needs a batch key." : $"A {kind.Name} has no batch key.", nameof(job));
        var id = Guid.CreateVersion7();
        return new OutboxRow
        {
            Id = id,
            BatchKey = job.BatchKey ?? (kind.IsGated ? id.ToString() : null),
            Kind = kind.Name,
            Version = kind.Version,
            Arguments = JsonSerializer.Serialize(job.Arguments, Json),
            DedupeKey = job.DedupeKey,
            TraceParent = job.TraceParent ?? Activity.Current?.Id,
            Priority = job.Priority ?? kind.Priority,
            RunAfter = job.RunAfter?.ToUniversalTime() ?? default,
        };
    }
}
