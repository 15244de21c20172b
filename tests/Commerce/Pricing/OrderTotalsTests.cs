using Commerce.Baskets;
using Commerce.Pricing;
using CsCheck;

namespace Tests.Commerce.Pricing;

public class OrderTotalsTests
{
    private static readonly decimal[] Rates = [0, 5.5m, 7, 19, 25.5m, 27];
    private static readonly Gen<decimal> AnyRate = Gen.Int[0, Rates.Length - 1].Select(i => Rates[i]);
    private static readonly Gen<PricedLine> AnyLine = Gen.Select(Gen.Long[0, 5_000_000], Gen.Int[1, 99], AnyRate, (price, quantity, percent) => new PricedLine(price, quantity, percent));

    [Fact]
    public void Lines_and_shipping_always_add_up_to_the_order() =>
        Gen.Select(AnyLine.List[1, 12], Gen.Long[0, 30_000], AnyRate, Gen.Bool).Sample((lines, shipping, percent, inclusive) =>
        {
            var totals = OrderTotals.Of(lines, shipping, percent, inclusive, "EUR");
            var all = totals.Lines.Append(totals.Shipping).ToList();
            return all.Sum(l => l.GrossMinor) == totals.TotalMinor && all.Sum(l => l.TaxMinor) == totals.TaxMinor
                && totals.SubtotalMinor == lines.Sum(l => l.AmountMinor)
                && totals.Lines.Zip(lines).All(l => (inclusive ? l.First.GrossMinor : l.First.NetMinor) == l.Second.AmountMinor && l.First.TaxMinor >= 0);
        });

    [Fact]
    public void Tax_of_a_rate_is_rounded_once_for_the_whole_order() =>
        Gen.Select(AnyLine.List[1, 12], Gen.Bool).Sample((lines, inclusive) =>
        {
            var totals = OrderTotals.Of(lines, 0, 0, inclusive, "EUR");
            return lines.Select((l, i) => (l, Tax: totals.Lines[i].TaxMinor)).GroupBy(l => l.l.VatPercent).All(rate =>
                Math.Abs(rate.Sum(l => l.Tax) - (rate.Sum(l => l.l.AmountMinor) * rate.Key / (inclusive ? 100 + rate.Key : 100))) <= 0.5m);
        });

    [Fact]
    public void What_comes_to_an_order_in_a_currency_with_three_decimals_can_be_charged_with_and_without_tax_in_the_prices() =>
        Gen.Select(AnyLine.List[1, 12], Gen.Long[0, 30_000], AnyRate, Gen.Bool).Sample((lines, shipping, percent, inclusive) =>
        {
            var fils = lines.Select(l => l with { UnitPriceMinor = l.UnitPriceMinor * 10 }).ToList();
            var totals = OrderTotals.Of(fils, shipping * 10, percent, inclusive, "KWD");
            var all = totals.Lines.Append(totals.Shipping).ToList();
            return totals.TotalMinor % 10 == 0 && all.All(l => l.GrossMinor % 10 == 0) && all.Sum(l => l.GrossMinor) == totals.TotalMinor && all.Sum(l => l.TaxMinor) == totals.TaxMinor;
        });

    [Theory]
    [InlineData(true, 5490, 877)]
    [InlineData(false, 6533, 1043)]
    public void Nineteen_percent_of_two_prints_and_their_parcel(bool inclusive, long total, long tax)
    {
        var totals = OrderTotals.Of([new PricedLine(2500, 2, 19)], 490, 19, inclusive, "EUR");
        Assert.Equal((5000, total, tax), (totals.SubtotalMinor, totals.TotalMinor, totals.TaxMinor));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_dearest_basket_there_can_be_adds_up(bool inclusive)
    {
        var totals = OrderTotals.Of([.. Enumerable.Repeat(new PricedLine(SellableCurrencies.MaxPrice, Basket.MaxQuantity, 27), Basket.MaxLines)], SellableCurrencies.MaxPrice, 27, inclusive, "IDR");
        Assert.Equal((decimal)SellableCurrencies.MaxPrice * Basket.MaxQuantity * Basket.MaxLines, totals.SubtotalMinor);
        Assert.Equal(totals.TotalMinor, totals.Lines.Sum(l => l.GrossMinor) + totals.Shipping.GrossMinor);
    }

    [Fact]
    public void A_split_amount_adds_up_and_nobody_is_a_unit_away_from_their_share() =>
        Gen.Select(Gen.Long[0, 1_000_000_000], Gen.Long[0, 1_000_000].List[1, 20].Where(w => w.Sum() > 0)).Sample((amount, weights) =>
        {
            var parts = Apportion.Split(amount, weights);
            return parts.Sum() == amount && parts.Zip(weights).All(p => Math.Abs(p.First - ((decimal)amount * p.Second / weights.Sum())) < 1);
        });
}
