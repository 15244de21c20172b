using System.ComponentModel.DataAnnotations;

namespace Local.Stripe;

/// <summary>Settings of the emulator, section <c>Stripe</c> (environment: <c>Stripe__DataFolder</c> and so on).</summary>
public sealed class StripeOptions
{
    public const string Section = "Stripe";

    /// <summary>Folder of the state file; created if missing.</summary>
    [Required]
    public string DataFolder { get; set; } = "";

    /// <summary>Where signed events are posted; none: events are recorded and not delivered.</summary>
    public string? WebhookUrl { get; set; }

    /// <summary>The endpoint's signing secret; needed when <see cref="WebhookUrl"/> is set.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>Origin that browsers use to reach the payment page; none: the origin of the API call.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Currency the account settles in, such as <c>eur</c>; none: that of each charge.</summary>
    [RegularExpression("[a-z]{3}")]
    public string? SettlementCurrency { get; set; }

    /// <summary>Minor units of <see cref="SettlementCurrency"/> for one of any other currency.</summary>
    [Range(0.0001, 10_000)]
    public decimal ExchangeRate { get; set; } = 1;

    /// <summary>The account's API version: what events are rendered in, and what a call without <c>Stripe-Version</c> gets.</summary>
    [Required, RegularExpression(@"\d{4}-\d{2}-\d{2}(\.[a-z]+)?")]
    public string ApiVersion { get; set; } = "2026-10-28.endive";
}
