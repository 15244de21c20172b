using System.Text.Json;
using Commerce.Outbox;

namespace Worker.Jobs;

/// <summary>Which class runs which kind. Filled at start, from Program.cs.</summary>
public sealed class JobCatalog
{
    private delegate Task Runner(IServiceProvider services, JobRun run, CancellationToken cancellationToken);

    private readonly Dictionary<(string Kind, int Version), (JobKind Kind, Runner Run)> _jobs = [];

    /// <summary>Registers a job for the current version of its kind.</summary>
    public JobCatalog Add<TJob, TArguments>(string kind) where TJob : class, IJob<TArguments> where TArguments : class =>
        Add<TJob, TArguments>(JobKinds.All[kind]);

    /// <inheritdoc cref="Add{TJob, TArguments}(string)"/>
    public JobCatalog Add<TJob, TArguments>(JobKind kind) where TJob : class, IJob<TArguments> where TArguments : class =>
        Register(kind, (services, run, token) => Create<TJob>(services).RunAsync(Arguments<TArguments>(run.Rows[0]), run, token));

    /// <summary>Registers a batched job for the current version of its kind.</summary>
    public JobCatalog AddBatch<TJob, TArguments>(JobKind kind) where TJob : class, IBatchJob<TArguments> where TArguments : class =>
        Register(kind, (services, run, token) => Create<TJob>(services).RunAsync([.. run.Rows.Select(Arguments<TArguments>)], run, token));

    /// <summary>Kinds whose rows this worker claims under the kind's lock, by name.</summary>
    public IReadOnlyDictionary<string, JobKind> Gated => field ??=
        _jobs.Values.Select(job => job.Kind).Where(kind => kind.IsGated).ToDictionary(kind => kind.Name);

    /// <summary>What limits a row. One of a newer version of the system waits, by the back-off from 30 s, about half a day for a newer worker.</summary>
    public JobKind KindOf(OutboxRow row) =>
        _jobs.TryGetValue((row.Kind, row.Version), out var job) ? job.Kind : new JobKind(row.Kind, row.Version, JobKind.UnknownMaxFailures, TimeSpan.FromMinutes(1));

    /// <exception cref="JobFailedException">This worker does not know the kind and version: a newer one may.</exception>
    public Task RunAsync(IServiceProvider services, JobRun run, CancellationToken cancellationToken) =>
        _jobs.TryGetValue((run.Rows[0].Kind, run.Rows[0].Version), out var job) ? job.Run(services, run, cancellationToken)
            : throw new JobFailedException(FailureKind.Retry, "unknown-kind",
                $"This worker does not know {run.Rows[0].Kind} version {run.Rows[0].Version}.", firstDelay: TimeSpan.FromSeconds(30));

    private JobCatalog Register(JobKind kind, Runner run)
    {
        _jobs.Add((kind.Name, kind.Version), (kind, run));
        return this;
    }

    private static TJob Create<TJob>(IServiceProvider services) => ActivatorUtilities.GetServiceOrCreateInstance<TJob>(services);

    private static T Arguments<T>(OutboxRow row)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(row.Arguments, Strict) ?? throw new JsonException("The arguments are null.");
        }
        catch (JsonException malformed)
        {
            throw new JobFailedException(FailureKind.Page, "malformed-arguments", $"{row.Arguments} is no {typeof(T).Name}.", malformed);
        }
    }

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}
