namespace Local.Stripe.Payments;

/// <summary>
/// How a test card answers an attempt to pay. <c>Token</c> is the test payment method that stands for it in the API
/// (docs.stripe.com/testing); <c>Asks</c>: 3-D Secure comes first; no <c>Code</c>: it pays.
/// </summary>
public sealed record TestCard(string Number, string Brand, string Token, string Meaning,
    bool Asks = false, string? Code = null, string? DeclineCode = null, string? Message = null, string Funding = "credit", TestDispute? Disputes = null)
{
    public string Last4 => Number[^4..];

    public int CvcLength => Brand == "amex" ? 4 : 3;
}

/// <summary>What the holder of a test card does after paying.</summary>
public enum TestDispute
{
    /// <summary>Disputes the charge: the money is taken from the shop.</summary>
    Chargeback,

    /// <summary>Has the bank ask: nothing is taken.</summary>
    Inquiry,
}

/// <summary>The cards of docs.stripe.com/testing that the emulator knows.</summary>
public static class TestCards
{
    private const string Declined = "Your card was declined.";

    public static IReadOnlyList<TestCard> All { get; } =
    [
        new("4242424242424242", "visa", "pm_card_visa", "Pays"),
        new("4000056655665556", "visa", "pm_card_visa_debit", "Pays (Visa debit)", Funding: "debit"),
        new("5555555555554444", "mastercard", "pm_card_mastercard", "Pays (Mastercard)"),
        new("378282246310005", "amex", "pm_card_amex", "Pays (American Express)"),
        new("6011111111111117", "discover", "pm_card_discover", "Pays (Discover)"),
        new("4000002500003155", "visa", "pm_card_authenticationRequired", "Asks for 3-D Secure", Asks: true),
        new("4000000000003220", "visa", "pm_card_threeDSecure2Required", "Asks for 3-D Secure", Asks: true),
        new("4000008400001629", "visa", "pm_card_threeDSecureRequiredChargeDeclined", "Asks for 3-D Secure, then is declined", Asks: true, "card_declined", "generic_decline", Declined),
        new("4000000000000259", "visa", "pm_card_createDispute", "Pays, then disputes it as fraudulent", Disputes: TestDispute.Chargeback),
        new("4000000000001976", "visa", "pm_card_createDisputeInquiry", "Pays, then has the bank ask", Disputes: TestDispute.Inquiry),
        new("4000000000000002", "visa", "pm_card_visa_chargeDeclined", "Declined", false, "card_declined", "generic_decline", Declined),
        new("4000000000009995", "visa", "pm_card_visa_chargeDeclinedInsufficientFunds", "Declined: insufficient funds", false, "card_declined", "insufficient_funds", "Your card has insufficient funds."),
        new("4000000000009987", "visa", "pm_card_visa_chargeDeclinedLostCard", "Declined: lost card", false, "card_declined", "lost_card", Declined),
        new("4000000000009979", "visa", "pm_card_visa_chargeDeclinedStolenCard", "Declined: stolen card", false, "card_declined", "stolen_card", Declined),
        new("4000000000000069", "visa", "pm_card_chargeDeclinedExpiredCard", "Declined: expired card", false, "expired_card", null, "Your card has expired."),
        new("4000000000000127", "visa", "pm_card_chargeDeclinedIncorrectCvc", "Declined: wrong security code", false, "incorrect_cvc", null, "Your card's security code is incorrect."),
        new("4000000000000119", "visa", "pm_card_chargeDeclinedProcessingError", "Declined: processing error", false, "processing_error", null, "An error occurred while processing your card. Try again in a little bit."),
    ];

    private static readonly Dictionary<string, TestCard> Known = All.SelectMany(card => new[] { (Key: card.Number, card), (Key: card.Token, card) })
        .Append((Key: "pm_card_chargeDeclined", All.First(card => card.DeclineCode == "generic_decline" && !card.Asks)))
        .Append((Key: "pm_card_chargeDeclinedInsufficientFunds", All.First(card => card.DeclineCode == "insufficient_funds")))
        .ToDictionary(entry => entry.Key, entry => entry.Item2);

    /// <summary>The card with this number or test payment method.</summary>
    public static TestCard? Find(string numberOrToken) => Known.GetValueOrDefault(numberOrToken);

    /// <summary>The check digit of a card number (ISO/IEC 7812-1, Luhn).</summary>
    public static bool ChecksOut(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i] - '0';
            sum += i % 2 == 0 ? digit : digit * 2 > 9 ? (digit * 2) - 9 : digit * 2;
        }
        return digits.Length is >= 12 and <= 19 && sum % 10 == 0;
    }
}
