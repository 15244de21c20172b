namespace Commerce.Pricing;

/// <summary>Dividing amounts of minor units so that the parts add up to the whole, exactly.</summary>
public static class Apportion
{
    /// <summary>
    /// Divides an amount in proportion to weights: everybody gets the whole units of their share, and the units left over go to the largest
    /// remainders, the earlier first where they are equal. No part is a whole unit or more away from its exact share.
    /// </summary>
    /// <exception cref="ArgumentException">An amount or weight is negative, or an amount other than 0 has no weight to go by.</exception>
    public static long[] Split(long amountMinor, IReadOnlyList<long> weights)
    {
        if (amountMinor < 0 || weights.Any(w => w < 0)) throw new ArgumentException("Amounts and weights are not negative.");
        Int128 whole = 0;
        foreach (var weight in weights) whole += weight;
        if (whole == 0) return amountMinor == 0 ? new long[weights.Count] : throw new ArgumentException("All weights are 0.", nameof(weights));
        var parts = new long[weights.Count];
        var remainders = new Int128[weights.Count];
        var left = amountMinor;
        for (var i = 0; i < parts.Length; i++)
        {
            var (quotient, remainder) = Int128.DivRem((Int128)amountMinor * weights[i], whole);
            (parts[i], remainders[i]) = ((long)quotient, remainder);
            left -= parts[i];
        }
        foreach (var i in Enumerable.Range(0, parts.Length).OrderByDescending(i => remainders[i]).Take((int)left)) parts[i]++;
        return parts;
    }
}
