using System.Diagnostics;
using System.Diagnostics.Metrics;
using Commerce.Outbox;

namespace Commerce.Jobs;

/// <summary>Spans and numbers of the job system. Span attributes follow OpenTelemetry's messaging conventions.</summary>
public static class JobTelemetry
{
    private const string System = "outbox";
    private static readonly ActivitySource Relay = new("Commerce");
    private static readonly ActivitySource Worker = new("Worker");
    private static readonly Meter Meter = new("Worker");
    private static readonly Counter<long> Runs =
        Meter.CreateCounter<long>("shop.jobs.runs", "{job}", "Jobs whose run ended, by kind and outcome: done, ignored, retried, dead, lost, handed-back");
    private static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("shop.jobs.failures", "{failure}", "Failed runs, by kind, reason and whether it was the last one");
    private static readonly Histogram<double> RunSeconds = Meter.CreateHistogram<double>("shop.jobs.duration", "s", "How long a run took, by kind and outcome");
    private static readonly Histogram<double> WaitSeconds = Meter.CreateHistogram<double>("shop.jobs.wait", "s", "From being due to being started, by kind");

    /// <summary>A span from the row's birth to its way into the queue, in the trace of its cause.</summary>
    internal static void Relayed(OutboxRow row)
    {
        if (!ActivityContext.TryParse(row.TraceParent, null, isRemote: true, out var parent)) return;
        var since = row.Failures > 0 || row.RunAfter > row.CreatedAt ? row.RunAfter : row.CreatedAt;
        using var span = Relay.StartActivity(ActivityKind.Producer, parent, Tags(row, "send"), startTime: since, name: $"{row.Kind} to queue");
    }

    /// <summary>The job's span: named after its kind, child of its cause.</summary>
    public static Activity? Start(OutboxRow row)
    {
        WaitSeconds.Record(Math.Max(0, (DateTimeOffset.UtcNow - row.RunAfter).TotalSeconds), new KeyValuePair<string, object?>("job.kind", row.Kind));
        ActivityContext.TryParse(row.TraceParent, null, isRemote: true, out var parent);
        return Worker.StartActivity(ActivityKind.Consumer, parent, Tags(row, "process"), name: row.Kind);
    }

    public static void Failed(OutboxRow row, string reason, bool isDead) =>
        Failures.Add(1, new TagList { { "job.kind", row.Kind }, { "job.failure", reason }, { "job.dead", isDead } });

    /// <param name="row">The first of the run.</param>
    /// <param name="rows">How many ended with it.</param>
    /// <param name="outcome">See <c>shop.jobs.runs</c>.</param>
    /// <param name="took">Settlement included.</param>
    public static void Ended(OutboxRow row, int rows, string outcome, TimeSpan took)
    {
        var tags = new TagList { { "job.kind", row.Kind }, { "job.outcome", outcome } };
        Runs.Add(rows, tags);
        RunSeconds.Record(took.TotalSeconds, tags);
    }

    private static TagList Tags(OutboxRow row, string operation) => new()
    {
        { "messaging.system", System },
        { "messaging.operation.type", operation },
        { "messaging.operation.name", operation },
        { "messaging.destination.name", row.Priority.ToString().ToLowerInvariant() },
        { "messaging.message.id", row.Id.ToString() },
        { "job.kind", row.Kind },
        { "job.attempt", row.Attempt },
    };
}
