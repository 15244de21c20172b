using Microsoft.Extensions.Options;

namespace Worker.Watchdog;

/// <summary>
/// For how long this process has had PostgreSQL in sight without a break, whether it held the watch or stood by. After a stop, an outage or a
/// sleep of the machine everything in the tables is old, and nobody was there to do it: what is overdue counts only for as long as somebody has looked.
/// </summary>
internal sealed class Vigil(TimeProvider time, IOptions<WatchdogOptions> options)
{
    private DateTimeOffset? _since, _last;

    /// <param name="since">When it began; it is broken as any other.</param>
    internal Vigil(TimeProvider time, IOptions<WatchdogOptions> options, DateTimeOffset since) : this(time, options) => _since = since;

    /// <summary>Until it was last in sight; zero before.</summary>
    public TimeSpan Length => _last - _since ?? TimeSpan.Zero;

    /// <summary>
    /// PostgreSQL has answered. By the wall clock: the others stand still while a machine sleeps. Half of what a signal is fresh for is a break,
    /// because signals that could not be written for less are still fresh afterwards.
    /// </summary>
    public void See()
    {
        var now = time.GetUtcNow();
        if (_last is { } last && (now < last || now - last > options.Value.SignalsFreshFor / 2)) _since = now;
        _since ??= now;
        _last = now;
    }
}
