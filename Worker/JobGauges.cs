using System.Diagnostics.Metrics;
using Commerce.Jobs;
using Commerce.OnCall;

namespace Worker;

/// <summary>How much waits, for how long, and how much has been given up, as gauges read from PostgreSQL now and then.</summary>
public sealed class JobGauges : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly IServiceScopeFactory _scopes;
    private readonly ILogger<JobGauges> _logger;
    private readonly Meter _meter = new("Worker");
    private JobHealth _health = new([], [], []);

    public JobGauges(IServiceScopeFactory scopes, ILogger<JobGauges> logger)
    {
        (_scopes, _logger) = (scopes, logger);
        _meter.CreateObservableGauge("shop.jobs.backlog", () => Of(kind => kind.Due), "{job}", "Jobs that are due and not yet running, by kind");
        _meter.CreateObservableGauge("shop.jobs.running", () => Of(kind => kind.Running), "{job}", "Jobs that are running, by kind");
        _meter.CreateObservableGauge("shop.jobs.dead", () => Of(kind => kind.Dead), "{job}", "Dead letters, by kind");
        _meter.CreateObservableGauge("shop.jobs.scheduled", () => Of(kind => kind.Scheduled), "{job}", "Jobs whose time is still to come, by kind");
        _meter.CreateObservableGauge("shop.jobs.relay_lag", () => _health.RelayLag.TotalSeconds, "s", "How long the oldest due row has been waiting for a relay");
        _meter.CreateObservableGauge("shop.jobs.alerts", () => _health.Alerts().Count, "{alert}", "Open alerts of the queue");
        _meter.CreateObservableGauge("shop.jobs.oldest_age", () => Of(kind => kind.OldestSeconds), "s", "How long the oldest due job has been waiting, by kind");
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Loop.RunAsync(_logger, async () =>
    {
        _health = await _scopes.QuietlyAsync(db => JobHealth.ReadAsync(db, stoppingToken));
        return Every;
    }, wake: null, stoppingToken);

    private IEnumerable<Measurement<T>> Of<T>(Func<KindHealth, T> number) where T : struct =>
        _health.Kinds.Select(kind => new Measurement<T>(number(kind), new KeyValuePair<string, object?>("job.kind", kind.Kind)));

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }
}
