using System.ComponentModel.DataAnnotations;

namespace Commerce.Payments;

/// <summary>Configuration section <c>Stripe</c>.</summary>
public sealed class StripeOptions
{
    [Required]
    public string SecretKey { get; set; } = "";

    /// <summary>Signs what Stripe sends to <c>/webhooks/stripe</c>.</summary>
    [Required]
    public string WebhookSecret { get; set; } = "";

    /// <summary>Whether the money is taken when the shopper pays, or promised then and taken by staff (<c>Automatic</c>, <c>Manual</c>).</summary>
    public CaptureMode Capture { get; set; } = CaptureMode.Automatic;

    /// <summary>Calls to Stripe under way at once, per process: a slow Stripe must not take every thread and connection.</summary>
    [Range(1, 1000)]
    public int MaxConcurrentCalls { get; set; } = 64;

    /// <summary>Calls that may wait for one of those; more are refused at once.</summary>
    [Range(0, 10_000)]
    public int MaxWaitingCalls { get; set; } = 256;

    /// <summary>Where Stripe's API is; null: Stripe itself.</summary>
    [Url]
    public string? ApiBase { get; set; }

    /// <summary>The page where staff see payments and answer disputes; null: the payment's own in Stripe's dashboard.</summary>
    [Url]
    public string? DashboardUrl { get; set; }

    /// <summary>Where staff act on a payment. Stripe keeps those of test keys apart.</summary>
    /// <param name="paymentIntentId">Null where it is not known: then all payments.</param>
    public string DashboardPage(string? paymentIntentId) =>
        DashboardUrl ?? $"https://dashboard.stripe.com/{(SecretKey.Contains("_test_", StringComparison.Ordinal) ? "test/" : "")}payments{(paymentIntentId is null ? "" : $"/{paymentIntentId}")}";
}

/// <summary>When the money is taken.</summary>
public enum CaptureMode
{
    /// <summary>When the shopper pays.</summary>
    Automatic,

    /// <summary>When staff capture it, within the days the bank keeps its promise.</summary>
    Manual,
}

/// <summary>Configuration section <c>Services</c>.</summary>
public sealed class PublicAddress
{
    /// <summary>Where shoppers reach the shop, without a slash at the end; links and redirects point there.</summary>
    [Required, Url]
    public string PublicUrl { get; set; } = "";

    public string OrderPage(string number, string key) => $"{PublicUrl.TrimEnd('/')}/orders/{number}?key={key}";
}
