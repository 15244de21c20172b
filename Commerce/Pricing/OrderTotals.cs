namespace Commerce.Pricing;

/// <summary>What is charged for one line, before it is known what tax that means. Minor units, as the catalogue says them.</summary>
public readonly record struct PricedLine(long UnitPriceMinor, int Quantity, decimal VatPercent)
{
    public long AmountMinor => checked(UnitPriceMinor * Quantity);
}

/// <summary>An amount, the tax on it, and both together.</summary>
public readonly record struct Taxed(long NetMinor, long TaxMinor)
{
    public long GrossMinor => NetMinor + TaxMinor;
}

/// <summary>
/// What an order comes to, exact in minor units. Tax is rounded once per rate and order, half away from zero, on everything the order charges
/// at that rate, and then divided over the lines and shipping (<see cref="Apportion.Split"/>): lines add up to the order, always. Tax that is added to the
/// prices is rounded to what a card can be charged (<see cref="SellableCurrencies.StepOf"/>). See decision 0041.
/// </summary>
/// <param name="SubtotalMinor">The lines as shown: with tax inside exactly if prices include it.</param>
/// <param name="TotalMinor">What is paid: tax is always in it.</param>
public sealed record OrderTotals(long SubtotalMinor, long ShippingMinor, long TaxMinor, long TotalMinor, IReadOnlyList<Taxed> Lines, Taxed Shipping)
{
    public static OrderTotals Of(IReadOnlyList<PricedLine> lines, long shippingMinor, decimal shippingVatPercent, bool pricesIncludeTax, string currency)
    {
        var step = pricesIncludeTax ? 1 : SellableCurrencies.StepOf(currency);
        long[] amounts = [.. lines.Select(l => l.AmountMinor), shippingMinor];
        decimal[] percents = [.. lines.Select(l => l.VatPercent), shippingVatPercent];
        var taxes = new long[amounts.Length];
        foreach (var rate in Enumerable.Range(0, amounts.Length).GroupBy(i => percents[i]))
        {
            int[] members = [.. rate];
            var steps = TaxOf(members.Sum(i => amounts[i]), rate.Key, pricesIncludeTax, step);
            foreach (var (i, part) in members.Zip(Apportion.Split(steps, [.. members.Select(i => amounts[i])]))) taxes[i] = part * step;
        }
        var taxed = amounts.Zip(taxes, (amount, tax) => new Taxed(pricesIncludeTax ? amount - tax : amount, tax)).ToList();
        var (subtotal, all) = (amounts[..^1].Sum(), taxes.Sum());
        return new OrderTotals(subtotal, shippingMinor, all, subtotal + shippingMinor + (pricesIncludeTax ? 0 : all), taxed[..^1], taxed[^1]);
    }

    /// <summary>In steps.</summary>
    private static long TaxOf(long amountMinor, decimal percent, bool pricesIncludeTax, int step) =>
        (long)Math.Round(amountMinor * percent / ((pricesIncludeTax ? 100m + percent : 100m) * step), MidpointRounding.AwayFromZero);
}
