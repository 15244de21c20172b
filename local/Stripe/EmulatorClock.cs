namespace Local.Stripe;

/// <summary>The emulator's time: real, plus what the controls moved it ahead.</summary>
public sealed class EmulatorClock : TimeProvider
{
    private long _aheadTicks;

    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _aheadTicks, by.Ticks);

    public void Reset() => Interlocked.Exchange(ref _aheadTicks, 0);
}
