namespace Local.Stripe;

/// <summary>The emulator's time: real, plus what the controls moved it ahead.</summary>
public sealed class EmulatorClock : TimeProvider
{
    /// <summary>How far ahead of the real time it may be: ten years.</summary>
    public static readonly TimeSpan Farthest = TimeSpan.FromDays(3650);

    private long _aheadTicks;

    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

    /// <summary>Moves time on; it never goes back, because what happened since would be in the future.</summary>
    /// <returns>False, and time as it was, when it would be further ahead than <see cref="Farthest"/>.</returns>
    public bool TryAdvance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        while (true)
        {
            var before = Interlocked.Read(ref _aheadTicks);
            if (by > Farthest - TimeSpan.FromTicks(before))
                return false;
            if (Interlocked.CompareExchange(ref _aheadTicks, before + by.Ticks, before) == before)
                return true;
        }
    }

    /// <summary>Back to the real time; only together with everything that happened.</summary>
    public void Reset() => Interlocked.Exchange(ref _aheadTicks, 0);
}
