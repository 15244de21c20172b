using System.Collections.Concurrent;
using System.Diagnostics;
using Commerce;
using Commerce.Jobs;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Trace;
using StackExchange.Redis;
using Worker.Jobs;

namespace Tests.Worker.Jobs;

public sealed record ProbeArguments(string Name);

/// <summary>A job whose behaviour each test decides, and that remembers every start.</summary>
public sealed class Probe(ProbeScript script, ShopDb db) : IJob<ProbeArguments>
{
    public async Task RunAsync(ProbeArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        script.Starts.Enqueue(new ProbeStart(arguments.Name, run.Id, run.Attempt, Activity.Current?.TraceId.ToString(), Activity.Current?.ParentSpanId.ToString()));
        await script.Do(arguments, run, db, cancellationToken);
        script.Ends.Enqueue(arguments.Name);
    }
}

public sealed record ProbeStart(string Name, Guid Id, int Attempt, string? TraceId, string? ParentSpanId);

public sealed class ProbeScript
{
    public ConcurrentQueue<ProbeStart> Starts { get; } = [];
    public ConcurrentQueue<string> Ends { get; } = [];
    public Func<ProbeArguments, JobRun, ShopDb, CancellationToken, Task> Do { get; set; } = (_, _, _, _) => Task.CompletedTask;
    public int StartsOf(string name) => Starts.Count(start => start.Name == name);
}

/// <summary>One process of the system as far as jobs go: relay, pump, or both, on a database and a Redis server.</summary>
public sealed class JobNode : IAsyncDisposable
{
    public const string Kind = JobKinds.SendReceipt;

    private readonly IHost _host;

    private JobNode(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;
    public ProbeScript Script => Services.GetRequiredService<ProbeScript>();
    public ConcurrentQueue<Activity> Spans { get; } = [];

    /// <remarks>The script is shared by several nodes, or null for an own one. Instead of the probe other jobs can be registered.</remarks>
    public static JobNode Create(string shop, string redis, ProbeScript? script = null, bool pump = true, Action<IServiceCollection>? instead = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (Environment.GetEnvironmentVariable("TEST_LOGS") is not null) builder.Logging.AddConsole();
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(shop));
        builder.Services.AddDbContextPool<ShopDb>((services, options) =>
            options.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>(), npgsql => npgsql.EnableRetryOnFailure()));
        builder.Services.ConfigureDbContext<ShopDb>(ShopDb.Conventions);
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ =>
        {
            var options = ConfigurationOptions.Parse(redis);
            options.AbortOnConnectFail = false;
            options.ConnectTimeout = 500;
            return ConnectionMultiplexer.Connect(options);
        });
        builder.Services.AddSingleton(script ?? new ProbeScript());
        builder.Services.AddJobRelay();
        if (instead is not null) instead(builder.Services);
        else if (pump) builder.Services.AddJobs(jobs => jobs.Add<Probe, ProbeArguments>(Kind));
        JobNode? node = null;
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
            .AddSource("Commerce", "Worker", "Npgsql", "Test").SetSampler(new AlwaysOnSampler())
            .AddProcessor(new SimpleActivityExportProcessor(new Collector(span => node?.Spans.Enqueue(span)))));
        return node = new JobNode(builder.Build());
    }

    public static async Task<JobNode> StartAsync(
        string shop, string redis, ProbeScript? script = null, bool pump = true, Action<IServiceCollection>? instead = null)
    {
        var node = Create(shop, redis, script, pump, instead);
        await node._host.StartAsync();
        return node;
    }

    public async Task EnqueueAsync(params NewJob[] jobs)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        foreach (var job in jobs) db.Enqueue(job);
        await db.SaveChangesAsync();
    }

    public static NewJob Job(string name, JobPriority priority = JobPriority.Normal, DateTimeOffset? runAfter = null) =>
        new(Kind, new ProbeArguments(name), Priority: priority, RunAfter: runAfter);

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
    }

    private sealed class Collector(Action<Activity> collect) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch) collect(span);
            return ExportResult.Success;
        }
    }
}
