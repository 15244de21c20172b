using System.Collections.Concurrent;
using System.Diagnostics;

namespace Commerce.OnCall;

/// <summary>When the loops of this process turned last. A loop that hangs stops beating though its process lives.</summary>
public sealed class Heartbeats
{
    private readonly ConcurrentDictionary<string, long> _beats = new();

    /// <summary>To be called at every turn of a loop; costs nothing.</summary>
    public void Beat(string loop) => _beats[loop] = Stopwatch.GetTimestamp();

    /// <summary>How long ago each loop turned.</summary>
    public IEnumerable<(string Loop, TimeSpan Age)> Ages() => _beats.Select(beat => (beat.Key, Stopwatch.GetElapsedTime(beat.Value)));
}
