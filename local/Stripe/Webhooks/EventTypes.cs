using System.ComponentModel.DataAnnotations;
using Local.Web;

namespace Local.Stripe.Webhooks;

/// <summary>The events that the emulator knows how to tell; no other one is ever recorded.</summary>
internal static class EventTypes
{
    public static IReadOnlyList<string> All { get; } =
    [
        "charge.captured", "charge.dispute.closed", "charge.dispute.created", "charge.dispute.funds_reinstated", "charge.dispute.funds_withdrawn",
        "charge.dispute.updated", "charge.failed", "charge.refunded", "charge.succeeded",
        "checkout.session.completed", "checkout.session.expired",
        "payment_intent.amount_capturable_updated", "payment_intent.canceled", "payment_intent.created", "payment_intent.payment_failed",
        "payment_intent.requires_action", "payment_intent.succeeded",
        "refund.created", "refund.failed", "refund.updated",
    ];
}

/// <summary>One of <see cref="EventTypes"/>, or none: a type that never comes is a misspelt one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EventTypeAttribute : ValidationAttribute, ISaysWhatIsTaken
{
    public string Words => "one of " + string.Join(", ", EventTypes.All);

    public override bool IsValid(object? value) => value is null || (value is string type && EventTypes.All.Contains(type, StringComparer.Ordinal));
}
