using System.Collections.Frozen;

namespace Commerce.Outbox;

/// <summary>What the system knows of a kind of job without running it.</summary>
/// <param name="Name">Imperative, in kebab case; stored in every row.</param>
/// <param name="Version">Of its arguments: raised when an older worker could not understand them.</param>
/// <param name="MaxFailures">After so many failures the row is a dead letter.</param>
/// <param name="TimeLimit">A run is cancelled after this time and counts as failed.</param>
public sealed record JobKind(string Name, int Version, int MaxFailures, TimeSpan TimeLimit)
{
    /// <summary>For kinds of a newer version of the system: by the back-off from 30 s, about half a day of waiting for a newer worker.</summary>
    public const int UnknownMaxFailures = 20;
}

/// <summary>Every kind of job there is. A worker runs a row only if it knows its kind and version.</summary>
public static class JobKinds
{
    /// <summary>Applies a stored Stripe event from the current state of its object. Arguments: <c>{ eventId }</c>.</summary>
    public const string ApplyStripeEvent = "apply-stripe-event";

    /// <summary>Mails the receipt of a paid order. Arguments: <c>{ orderId }</c>.</summary>
    public const string SendReceipt = "send-receipt";

    /// <summary>Gives reserved stock back once Stripe says the payment can no longer happen. Arguments: <c>{ orderId }</c>.</summary>
    public const string ExpireReservation = "expire-reservation";

    /// <summary>Tells staff that a variant has fallen to its low-stock threshold. Arguments: <c>{ variantId }</c>.</summary>
    public const string AlertLowStock = "alert-low-stock";

    /// <summary>Tells whoever waits for it that a variant can be had again. Arguments: <c>{ variantId }</c>.</summary>
    public const string AnnounceBackInStock = "announce-back-in-stock";

    // With the back-off of Backoff.cs: 12 failures are about 5 hours, 20 are about a day and a half.
    public static readonly FrozenDictionary<string, JobKind> All = new[]
    {
        new JobKind(ApplyStripeEvent, Version: 1, MaxFailures: 20, TimeLimit: TimeSpan.FromSeconds(60)),
        new JobKind(SendReceipt, Version: 1, MaxFailures: 20, TimeLimit: TimeSpan.FromMinutes(2)),
        new JobKind(ExpireReservation, Version: 1, MaxFailures: 20, TimeLimit: TimeSpan.FromSeconds(60)),
        new JobKind(AlertLowStock, Version: 1, MaxFailures: 20, TimeLimit: TimeSpan.FromMinutes(2)),
        new JobKind(AnnounceBackInStock, Version: 1, MaxFailures: 20, TimeLimit: TimeSpan.FromMinutes(2)),
    }.ToFrozenDictionary(kind => kind.Name);
}
