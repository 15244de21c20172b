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

    /// <summary>The account's API version: what events are rendered in, and what a call without <c>Stripe-Version</c> gets.</summary>
    [Required, RegularExpression(@"\d{4}-\d{2}-\d{2}(\.[a-z]+)?")]
    public string ApiVersion { get; set; } = "2026-10-28.endive";
}
