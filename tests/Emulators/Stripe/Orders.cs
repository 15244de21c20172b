using Stripe;
using Stripe.Checkout;

namespace Tests.Stripe;

/// <summary>What the shop asks Stripe for.</summary>
internal static class Orders
{
    public const string SuccessUrl = "https://shop.example/orders/OG-1?key=k&session_id={CHECKOUT_SESSION_ID}";
    public const string CancelUrl = "https://shop.example/orders/OG-1?key=k&payment=cancelled";

    public static SessionCreateOptions Session() => new()
    {
        Mode = "payment",
        SuccessUrl = SuccessUrl,
        CancelUrl = CancelUrl,
        ClientReferenceId = "OG-1",
        CustomerEmail = "ada@example.com",
        Metadata = new() { ["order"] = "OG-1" },
        PaymentIntentData = new() { Metadata = new() { ["order"] = "OG-1" } },
        ExpiresAt = DateTime.UtcNow.AddMinutes(40),
        LineItems =
        [
            new()
            {
                Quantity = 2,
                PriceData = new() { Currency = "eur", UnitAmount = 4900, ProductData = new() { Name = "Print “Moiré” A3", Description = "Seed 4711" } },
            },
        ],
        ShippingOptions =
        [
            new() { ShippingRateData = new() { Type = "fixed_amount", DisplayName = "Standard", FixedAmount = new() { Amount = 490, Currency = "eur" } } },
        ],
    };

    public static PaymentIntentCreateOptions Intent(long amount) => new()
    {
        Amount = amount,
        Currency = "eur",
        AutomaticPaymentMethods = new() { Enabled = true, AllowRedirects = "never" },
        Metadata = new() { ["order"] = "OG-1" },
    };

    public static PaymentIntentCreateOptions Paid(long amount, string method = "pm_card_visa")
    {
        var options = Intent(amount);
        options.PaymentMethod = method;
        options.Confirm = true;
        options.Expand = ["latest_charge"];
        return options;
    }
}
