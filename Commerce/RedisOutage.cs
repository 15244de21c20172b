namespace Commerce;

/// <summary>What a caller of Redis remembers of a failure: right after one, nobody waits for another.</summary>
/// <param name="clock">Whose timestamps count.</param>
/// <param name="askAgainAfter">How long Redis is done without.</param>
public sealed class RedisOutage(TimeProvider clock, TimeSpan askAgainAfter)
{
    private long _askAgainAt;

    /// <summary>Until it is time to ask again.</summary>
    public bool IsOn => clock.GetTimestamp() < Volatile.Read(ref _askAgainAt);

    public void Begin() => Volatile.Write(ref _askAgainAt, clock.GetTimestamp() + (long)(askAgainAfter.TotalSeconds * clock.TimestampFrequency));
}
