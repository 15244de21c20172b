using System.Globalization;
using Local.Stripe.Endpoints;
using Local.Stripe.Payments;
using Local.Stripe.State;

namespace Local.Stripe.Pages;

/// <summary>What the shopper typed, and what is wrong with it by field.</summary>
internal sealed class CardForm
{
    public const string EmailField = "email";
    public const string NumberField = "number";
    public const string ExpiryField = "expiry";
    public const string CvcField = "cvc";
    public const string NameField = "name";
    private const int Century = 2000;
    private const int MaxName = 200;

    public string Email { get; private init; } = "";
    public string Number { get; private init; } = "";
    public string Expiry { get; private init; } = "";
    public string Cvc { get; private init; } = "";
    public string Name { get; private init; } = "";
    public Dictionary<string, string> Errors { get; } = [];
    public TestCard? Card { get; private set; }
    public int Month { get; private set; }
    public int Year { get; private set; }

    public static CardForm Empty(SessionRecord session) => new() { Email = session.Customer?.Email ?? session.CustomerEmail ?? "" };

    public static CardForm Read(IFormCollection form, SessionRecord session, DateTimeOffset now)
    {
        var read = new CardForm
        {
            Email = session.CustomerEmail ?? Text(form, EmailField),
            Number = Text(form, NumberField),
            Expiry = Text(form, ExpiryField),
            Cvc = Text(form, CvcField),
            Name = Text(form, NameField),
        };
        read.Check(now);
        return read;
    }

    private static string Text(IFormCollection form, string name) => form[name].ToString().Trim();

    private void Check(DateTimeOffset now)
    {
        if (!SessionRequest.EmailShape().IsMatch(Email))
            Errors[EmailField] = "Give an email address, like name@example.com.";
        CheckNumber();
        CheckExpiry(now);
        if (!Cvc.All(char.IsAsciiDigit) || Cvc.Length != (Card?.CvcLength ?? 3))
            Errors[CvcField] = $"The security code has {Card?.CvcLength ?? 3} digits.";
        if (Name.Length is 0 or > MaxName)
            Errors[NameField] = "Give the name on the card.";
    }

    private void CheckNumber()
    {
        var digits = Number.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        Card = TestCards.Find(digits);
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit))
            Errors[NumberField] = "Give a card number, digits only.";
        else if (!TestCards.ChecksOut(digits))
            Errors[NumberField] = "Your card number is invalid.";
        else if (Card is null)
            Errors[NumberField] = "This is not one of the test cards below. Never type a real card here.";
    }

    /// <summary>Takes <c>04/30</c>, <c>4 / 2030</c> and <c>0430</c>.</summary>
    private void CheckExpiry(DateTimeOffset now)
    {
        var digits = new string([.. Expiry.Where(char.IsAsciiDigit)]);
        var parts = Expiry.Contains('/', StringComparison.Ordinal) ? Expiry.Split('/', 2, StringSplitOptions.TrimEntries)
            : digits.Length == 4 ? [digits[..2], digits[2..]] : [];
        if (parts.Length != 2 || parts[1].Length is not (2 or 4)
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var month) || month is < 1 or > 12
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var year))
        {
            Errors[ExpiryField] = "Give the expiry as month and year, like 04/30.";
            return;
        }
        (Month, Year) = (month, year < 100 ? year + Century : year);
        if (Year < now.Year || (Year == now.Year && Month < now.Month))
            Errors[ExpiryField] = "Your card's expiration date is in the past.";
    }
}
