using System.Text.Json;
using Commerce.Outbox;

namespace Worker.Jobs;

/// <summary>Which class runs which kind. Filled at start, from Program.cs.</summary>
public sealed class JobCatalog
{
    private readonly Dictionary<(string Kind, int Version), Func<IServiceProvider, OutboxRow, JobRun, CancellationToken, Task>> _jobs = [];

    /// <summary>Registers a job for the current version of its kind.</summary>
    public JobCatalog Add<TJob, TArguments>(string kind) where TJob : class, IJob<TArguments> where TArguments : class
    {
        _jobs.Add((kind, JobKinds.All[kind].Version), (services, row, run, cancellationToken) =>
            ActivatorUtilities.GetServiceOrCreateInstance<TJob>(services).RunAsync(Arguments<TArguments>(row), run, cancellationToken));
        return this;
    }

    /// <exception cref="JobFailedException">This worker does not know the kind and version: a newer one may.</exception>
    public Task RunAsync(IServiceProvider services, OutboxRow row, JobRun run, CancellationToken cancellationToken) =>
        _jobs.TryGetValue((row.Kind, row.Version), out var job)
            ? job(services, row, run, cancellationToken)
            : throw new JobFailedException(FailureKind.Retry, "unknown-kind",
                $"This worker does not know {row.Kind} version {row.Version}.", firstDelay: TimeSpan.FromSeconds(30));

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
