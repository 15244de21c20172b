using System.Globalization;
using System.Text.RegularExpressions;
using Local.Stripe.State;
using Local.Stripe.Wire;

namespace Local.Stripe.Endpoints;

/// <summary>Reads the parameters that create a Checkout Session, with Stripe's limits.</summary>
public sealed partial class SessionRequest(BrowserOrigin origin)
{
    private const int MaxLines = 100;
    private const int MaxReference = 200;
    private const int MaxName = 250;
    private const long LargestUnitAmount = 99_999_999;
    private static readonly TimeSpan ShortestLife = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);

    /// <exception cref="StripeError">A parameter Stripe refuses, or one the emulator does not act on.</exception>
    public SessionRecord Read(ApiCall call)
    {
        var parameters = call.Params;
        if (parameters.OneOf("mode", "payment", "setup", "subscription") is var mode && mode != "payment")
            throw mode is null ? parameters.Required("mode") : StripeError.Invalid("The emulator knows only the mode payment.", "mode");
        parameters.OneOf("ui_mode", "hosted_page");
        // Called payment_method_types until 2026, allowed_payment_method_types since.
        if (parameters.Texts("payment_method_types").Concat(parameters.Texts("allowed_payment_method_types")).FirstOrDefault(type => type != "card") is { } other)
            throw StripeError.Invalid($"The emulator knows only the payment method type card, not {other}.", "payment_method_types");
        OnlyFalse(parameters, "automatic_tax");
        OnlyFalse(parameters, "invoice_creation");
        OnlyFalse(parameters, "phone_number_collection");
        parameters.OneOf("billing_address_collection", "auto");
        parameters.OneOf("customer_creation", "if_required");

        var id = Ids.Session();
        var lines = parameters.Objects("line_items");
        if (lines.Count == 0)
            throw parameters.Required("line_items");
        if (lines.Count > MaxLines)
            throw StripeError.Invalid($"You may only specify up to {MaxLines} line items.", "line_items");
        var shipping = parameters.Objects("shipping_options");
        if (shipping.Count > 1)
            throw StripeError.Invalid("The emulator's page has no choice of shipping rates: give one.", "shipping_options");
        var currency = new OneCurrency();
        var session = new SessionRecord
        {
            Id = id,
            Created = call.Now,
            Lines = [.. lines.Select(line => Line(line, currency))],
            ShippingOptions = [.. shipping.Select(option => Shipping(option, currency))],
            Currency = currency.Value!,
            SuccessUrl = parameters.Address("success_url") ?? throw parameters.Required("success_url"),
            CancelUrl = parameters.Address("cancel_url"),
            Url = $"{origin.Of(call.Request)}/c/pay/{id}",
            ExpiresAt = Expiry(parameters, call.Now),
            CustomerEmail = Email(parameters, "customer_email"),
            ClientReferenceId = parameters.Text("client_reference_id", MaxReference),
            Locale = parameters.Text("locale"),
            SubmitType = parameters.OneOf("submit_type", "auto", "book", "donate", "pay", "subscribe"),
            Metadata = parameters.Metadata(),
            Intent = Intent(parameters.Object("payment_intent_data")),
        };
        Amounts.Check(session.Total, session.Currency, "line_items");
        return session;
    }

    private static LineRecord Line(Params line, OneCurrency currency)
    {
        if (line.Text("price") is { } known)
            throw StripeError.Missing("price", known, line.Name("price"));
        var price = line.Object("price_data") ?? throw line.Required("price_data");
        currency.Take(price);
        var product = price.Object("product_data") ?? throw price.Required("product_data");
        price.OneOf("tax_behavior", "unspecified");
        return new LineRecord(Ids.New("li"), Ids.New("price"), Ids.New("prod"),
            product.RequiredText("name", MaxName), product.Text("description"), OnePicture(product),
            UnitAmount(price), line.RequiredInteger("quantity", 0, 999_999));
    }

    private static string? OnePicture(Params product) => product.Texts("images") is var images && images.Count <= 1 ? images.FirstOrDefault()
        : throw StripeError.Invalid("The emulator's page shows one picture of a line: give one.", product.Name("images"));

    private static long UnitAmount(Params price)
    {
        if (price.Text("unit_amount_decimal") is not { } text)
            return price.RequiredInteger("unit_amount", max: LargestUnitAmount);
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value == decimal.Truncate(value) && value <= LargestUnitAmount
            ? (long)value
            : throw StripeError.Invalid($"Invalid decimal: {text}; the emulator takes whole minor units up to {LargestUnitAmount}.", price.Name("unit_amount_decimal"), "parameter_invalid_integer");
    }

    private static ShippingOption Shipping(Params option, OneCurrency currency)
    {
        if (option.Text("shipping_rate") is { } known)
            throw StripeError.Missing("shipping rate", known, option.Name("shipping_rate"));
        var rate = option.Object("shipping_rate_data") ?? throw option.Required("shipping_rate_data");
        rate.OneOf("type", "fixed_amount");
        rate.OneOf("tax_behavior", "unspecified");
        var amount = rate.Object("fixed_amount") ?? throw rate.Required("fixed_amount");
        currency.Take(amount);
        return new ShippingOption(Ids.New("shr"), rate.RequiredText("display_name", 100), amount.RequiredInteger("amount"));
    }

    private static DateTimeOffset Expiry(Params parameters, DateTimeOffset now)
    {
        if (parameters.Integer("expires_at", max: long.MaxValue) is not { } seconds)
            return now + LongestLife;
        var earliest = (now + ShortestLife).ToUnixTimeSeconds();
        var latest = (now + LongestLife).ToUnixTimeSeconds();
        if (seconds < earliest)
            throw StripeError.Invalid("The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", "expires_at");
        return seconds <= latest
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw StripeError.Invalid("The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", "expires_at");
    }

    private static IntentTemplate Intent(Params? data) => data is null ? new IntentTemplate() : new IntentTemplate
    {
        CaptureMethod = data.OneOf("capture_method", "automatic", "automatic_async", "manual") ?? "automatic_async",
        Description = data.Text("description", 1000),
        ReceiptEmail = Email(data, "receipt_email"),
        StatementDescriptor = data.Text("statement_descriptor", 22),
        StatementDescriptorSuffix = data.Text("statement_descriptor_suffix", 22),
        TransferGroup = data.Text("transfer_group"),
        Shipping = ShippingParams.Read(data.Object("shipping")),
        Metadata = data.Metadata(),
    };

    private static void OnlyFalse(Params parameters, string name)
    {
        if (parameters.Object(name)?.Flag("enabled") == true)
            throw StripeError.Invalid($"The emulator has no {name.Replace('_', ' ')}.", $"{name}[enabled]");
    }

    internal static string? Email(Params parameters, string name)
    {
        var email = parameters.Text(name, 800);
        return email is null || EmailShape().IsMatch(email) ? email : throw StripeError.Invalid($"Invalid email address: {email}", parameters.Name(name), "email_invalid");
    }

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+\.[^@\s.]+$")]
    internal static partial Regex EmailShape();

    /// <summary>The currency of a session: whatever its first price has.</summary>
    private sealed class OneCurrency
    {
        public string? Value { get; private set; }

        public void Take(Params owner)
        {
            var given = Amounts.Currency(owner);
            if (Value is not null && Value != given)
                throw StripeError.Invalid($"You can not combine currencies on a single Checkout Session. The expected currency is {Value}, but the price or coupon was in {given}.", owner.Name("currency"));
            Value = given;
        }
    }
}
