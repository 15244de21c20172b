namespace Commerce.Payments;

/// <summary>Amounts as Stripe writes them: minor units, but for the two currencies that lost theirs and are still written with two decimals, always 00.</summary>
internal static class StripeAmount
{
    public static long Of(long amountMinor, string currency) => checked(amountMinor * Factor(currency));

    public static long ToMinor(long amount, string currency) => amount / Factor(currency);

    public static long ReceivedMinor(this Stripe.PaymentIntent intent) => ToMinor(intent.AmountReceived, intent.Currency);

    private static int Factor(string currency) => currency.ToUpperInvariant() is "ISK" or "UGX" ? 100 : 1;
}
