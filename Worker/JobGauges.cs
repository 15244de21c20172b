using System.Diagnostics.Metrics;
using Commerce;
using Commerce.Jobs;
using OpenTelemetry;

namespace Worker;

/// <summary>How much waits, for how long, and how much has been given up, as gauges read from PostgreSQL now and then.</summary>
public sealed class JobGauges : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly IServiceScopeFactory _scopes;
    private readonly ILogger<JobGauges> _logger;
    private readonly Meter _meter = new("Worker");
    private IReadOnlyList<Backlog> _backlog = [];

    public JobGauges(IServiceScopeFactory scopes, ILogger<JobGauges> logger)
    {
        (_scopes, _logger) = (scopes, logger);
        _meter.CreateObservableGauge("shop.jobs.backlog", () => Of(b => b.Due), "{job}", "Jobs that are due and not yet running, by kind");
        _meter.CreateObservableGauge("shop.jobs.running", () => Of(b => b.Running), "{job}", "Jobs that are running, by kind");
        _meter.CreateObservableGauge("shop.jobs.dead", () => Of(b => b.Dead), "{job}", "Dead letters, by kind");
        _meter.CreateObservableGauge("shop.jobs.oldest_age", () => Of(b => b.OldestSeconds), "s", "How long the oldest due job has been waiting, by kind");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                using var quiet = SuppressInstrumentationScope.Begin();
                await using var scope = _scopes.CreateAsyncScope();
                _backlog = await scope.ServiceProvider.GetRequiredService<ShopDb>().BacklogAsync(stoppingToken);
            }
            catch (Exception failure) when (ShopDb.IsOutage(failure))
            {
                _logger.LogWarning(failure, "The backlog could not be read");
            }
            await Task.Delay(Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IEnumerable<Measurement<T>> Of<T>(Func<Backlog, T> number) where T : struct =>
        _backlog.Select(b => new Measurement<T>(number(b), new KeyValuePair<string, object?>("job.kind", b.Kind)));

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }
}
