namespace Commerce.Jobs;

/// <summary>When to try again: doubling from the first delay up to an hour, with jitter so that many failures do not return together.</summary>
public static class Backoff
{
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <param name="failures">Failures so far, this one included.</param>
    /// <param name="first">Delay after the first failure.</param>
    /// <returns>Between half of the doubled delay and all of it.</returns>
    public static TimeSpan After(int failures, TimeSpan first) => After(failures, first, Random.Shared.NextDouble());

    /// <param name="failures">Failures so far, this one included.</param>
    /// <param name="first">Delay after the first failure.</param>
    /// <param name="jitter">Where between half of the doubled delay (0) and all of it (1).</param>
    public static TimeSpan After(int failures, TimeSpan first, double jitter)
    {
        var doubled = first.TotalSeconds * Math.Pow(2, Math.Clamp(failures - 1, 0, 20));
        return TimeSpan.FromSeconds(Math.Min(doubled, Longest.TotalSeconds) * (0.5 + jitter / 2));
    }
}
