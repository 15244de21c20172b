using System.Diagnostics;
using Commerce.OnCall;
using Microsoft.Extensions.Options;

namespace Worker.Watchdog;

/// <summary>
/// The one alert that cannot go through PostgreSQL: that it is away. Every worker sends it itself under the same dedup key, so it is one
/// incident, and says when PostgreSQL is back: also a worker that was started meanwhile and never said that it was gone.
/// </summary>
internal sealed class DatabaseWatch(PagerDutyClient pager, IncidentEvents events, IOptions<WatchdogOptions> options, TimeProvider time, ILogger<DatabaseWatch> logger)
{
    private long? _downSince, _upSince;
    private bool _isSaidDown, _isSaidUp;
    private long _sendAgainAt;

    public async Task SeeUpAsync(CancellationToken cancellation)
    {
        _downSince = null;
        _upSince ??= Stopwatch.GetTimestamp();
        if (_isSaidUp || Stopwatch.GetElapsedTime(_upSince.Value) < options.Value.ResolveAfter) return;
        if (!await SendAsync(IncidentEvents.Resolve(Alerts.DatabaseDown.Name), cancellation)) return;
        if (_isSaidDown) logger.LogInformation("PostgreSQL is back");
        (_isSaidUp, _isSaidDown) = (true, false);
    }

    /// <param name="error">What one worker saw.</param>
    /// <param name="askedAt">When it asked; a frozen server lets it wait.</param>
    /// <param name="cancellation">Of the sending.</param>
    public async Task SeeDownAsync(string error, long askedAt, CancellationToken cancellation)
    {
        (_upSince, _isSaidUp) = (null, false);
        _downSince ??= askedAt;
        var down = Stopwatch.GetElapsedTime(_downSince.Value);
        if (_isSaidDown || down < options.Value.DatabaseDownAfter) return;
        var trigger = events.Trigger(Alerts.DatabaseDown, "PostgreSQL cannot be reached: nothing can be bought", time.GetUtcNow() - down, new() { ["Error"] = error });
        _isSaidDown = await SendAsync(trigger, cancellation);
        if (_isSaidDown) logger.LogCritical("PostgreSQL has been away for {Down}; PagerDuty knows", down);
    }

    private async Task<bool> SendAsync(PagerEvent what, CancellationToken cancellation)
    {
        if (Environment.TickCount64 < _sendAgainAt) return false;
        try
        {
            await pager.SendAsync(what, cancellation);
            return true;
        }
        catch (PagerDutyException failure)
        {
            logger.LogError(failure, "PagerDuty was not told of {DedupKey} directly", what.DedupKey);
            _sendAgainAt = Environment.TickCount64 + (long)options.Value.Every.TotalMilliseconds;
            return false;
        }
    }
}
