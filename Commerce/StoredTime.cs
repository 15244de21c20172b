namespace Commerce;

internal static class StoredTime
{
    /// <summary>Now in whole microseconds, as fine as the database keeps a moment: what is answered first is what is read when the request is repeated.</summary>
    public static DateTimeOffset StoredNow(this TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
