namespace Commerce;

/// <summary>The system's clock in whole microseconds, as fine as the database keeps a moment: what is answered first and what is read later is the same.</summary>
internal sealed class StoredTime : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        var now = base.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
