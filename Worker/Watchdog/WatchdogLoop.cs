using System.Diagnostics;
using System.Diagnostics.Metrics;
using Commerce;
using Commerce.OnCall;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;

namespace Worker.Watchdog;

/// <summary>Runs in every worker. One of them holds the watch and looks; the others stand by, and each keeps an eye on PostgreSQL itself.</summary>
internal sealed class WatchdogLoop : BackgroundService
{
    private readonly IServiceScopeFactory _scopes;
    private readonly PagerDutyClient _pager;
    private readonly IncidentEvents _events;
    private readonly DatabaseWatch _database;
    private readonly Vigil _vigil;
    private readonly IOptions<WatchdogOptions> _options;
    private readonly ILogger<WatchdogLoop> _logger;
    private readonly Meter _meter = new("Worker");
    private Watch? _watch;

    public WatchdogLoop(IServiceScopeFactory scopes, PagerDutyClient pager, IncidentEvents events, DatabaseWatch database, Vigil vigil,
        IOptions<WatchdogOptions> options, ILogger<WatchdogLoop> logger)
    {
        (_scopes, _pager, _events, _database, _vigil, _options, _logger) = (scopes, pager, events, database, vigil, options, logger);
        _meter.CreateObservableGauge("shop.oncall.watching", () => _watch is null ? 0 : 1, "{watch}", "1 in the process that holds the watch");
        _meter.CreateObservableGauge("shop.oncall.incidents", OpenIncidents, "{incident}", "Open incidents, by alert; from the process that holds the watch");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_pager.IsOn)
        {
            _logger.LogWarning("PagerDuty:RoutingKey is not set: nobody is on call, and nothing is watched");
            return;
        }
        while (!stoppingToken.IsCancellationRequested)
        {
            var askedAt = Stopwatch.GetTimestamp();
            try
            {
                // A look every few seconds would fill the traces.
                using var quiet = SuppressInstrumentationScope.Begin();
                await TurnAsync(stoppingToken);
                await _database.SeeUpAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                // Another worker may see more: the watch is given up and taken anew.
                await LoseAsync();
                var isAway = ShopDb.IsAway(failure);
                _logger.Log(isAway ? LogLevel.Warning : LogLevel.Error, failure, "The watchdog could not look");
                if (isAway) await _database.SeeDownAsync(failure.GetBaseException().Message, askedAt, stoppingToken);
            }
            await Task.Delay(_options.Value.Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await LoseAsync();
    }

    private async Task TurnAsync(CancellationToken cancellation)
    {
        _watch ??= await TakeAsync(cancellation);
        if (_watch is not null) await _watch.LookAsync(cancellation);
        else _vigil.See();
    }

    /// <summary>Also when another one watches this reaches PostgreSQL, and so proves that it is there.</summary>
    private async Task<Watch?> TakeAsync(CancellationToken cancellation)
    {
        NpgsqlConnection connection;
        await using (var scope = _scopes.CreateAsyncScope())
        {
            var theirs = (NpgsqlConnection)((ICloneable)scope.ServiceProvider.GetRequiredService<ShopDb>().Database.GetDbConnection()).Clone();
            // Of its own, not pooled: the lock must end with it. And no waiting for a server to confirm that it gives up what it does not answer.
            connection = theirs.CloneWith(new NpgsqlConnectionStringBuilder(theirs.ConnectionString)
            {
                Pooling = false,
                Timeout = 5,
                CommandTimeout = 15,
                CancellationTimeout = -1,
            }.ConnectionString);
        }
        Watch? watch = null;
        try
        {
            await connection.OpenAsync(cancellation);
            watch = await Watch.TryTakeAsync(connection, _pager, _events, _vigil, _options, _logger, cancellation);
        }
        finally
        {
            if (watch is null) await connection.DisposeAsync();
        }
        if (watch is not null) _logger.LogInformation("This worker watches");
        return watch;
    }

    private async Task LoseAsync()
    {
        if (_watch is not { } lost) return;
        _watch = null;
        await lost.DisposeAsync();
    }

    private IEnumerable<Measurement<int>> OpenIncidents()
    {
        var open = _watch?.Open;
        return open is null ? [] : Alerts.All.Keys.Select(alert => new Measurement<int>(open.Contains(alert) ? 1 : 0, new KeyValuePair<string, object?>("oncall.alert", alert)));
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }
}
