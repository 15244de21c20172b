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

    /// <summary>Where Stripe's API is; null: Stripe itself.</summary>
    [Url]
    public string? ApiBase { get; set; }
}

/// <summary>Configuration section <c>Services</c>.</summary>
public sealed class PublicAddress
{
    /// <summary>Where shoppers reach the shop, without a slash at the end; links and redirects point there.</summary>
    [Required, Url]
    public string PublicUrl { get; set; } = "";

    public string OrderPage(string number, string key) => $"{PublicUrl.TrimEnd('/')}/orders/{number}?key={key}";
}
