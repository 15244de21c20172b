using System.Collections.Frozen;

namespace Commerce.Outbox;

/// <summary>Every kind of job there is. A worker runs a row only if it knows its kind and version.</summary>
public static class JobKinds
{
    /// <summary>Applies a stored Stripe event from the current state of its object. Arguments: <c>{ eventId }</c>.</summary>
    public const string ApplyStripeEvent = "apply-stripe-event";

    /// <summary>Mails the receipt of a paid order. Arguments: <c>{ orderId }</c>.</summary>
    public const string SendReceipt = "send-receipt";

    /// <summary>Gives reserved stock back once Stripe says the payment can no longer happen. Arguments: <c>{ orderId }</c>.</summary>
    public const string ExpireReservation = "expire-reservation";

    /// <summary>Mails one person of the staff. Arguments: <c>{ subscriptionId, subjectId }</c>.</summary>
    public const string SendStaffMail = "send-staff-mail";

    /// <summary>Tells staff that a variant has fallen to its low-stock threshold. Arguments: <c>{ variantId }</c>.</summary>
    public const string AlertLowStock = "alert-low-stock";

    /// <summary>Tells whoever waits for it that a variant can be had again. Arguments: <c>{ variantId }</c>.</summary>
    public const string AnnounceBackInStock = "announce-back-in-stock";

    /// <summary>Mails that a part of an order is on its way. Arguments: <c>{ fulfilmentId }</c>.</summary>
    public const string SendShippingNotice = "send-shipping-notice";

    /// <summary>Mails how a parcel can be followed, when that becomes known or changes after the shipping notice. Arguments: <c>{ fulfilmentId }</c>.</summary>
    public const string SendTrackingNotice = "send-tracking-notice";

    /// <summary>Mails that an order was cancelled. Arguments: <c>{ orderId }</c>.</summary>
    public const string SendCancellation = "send-cancellation";

    /// <summary>Mails that money is on its way back. Arguments: <c>{ refundId }</c>.</summary>
    public const string SendRefundNotice = "send-refund-notice";

    /// <summary>Asks Stripe for a refund that was decided here. Arguments: <c>{ refundId }</c>.</summary>
    public const string RefundPayment = "refund-payment";

    /// <summary>Gives the authorisation of a cancelled order back. Arguments: <c>{ orderId }</c>.</summary>
    public const string VoidPayment = "void-payment";

    /// <summary>Compares the payment ledger with Stripe and heals what it can. Arguments: <c>{ }</c>, or <c>{ runId }</c> for a run somebody asked for.</summary>
    public const string ReconcilePayments = "reconcile-payments";

    /// <summary>Tells staff everything that is low now. Arguments: <c>{ }</c>.</summary>
    public const string SendLowStockDigest = "send-low-stock-digest";

    /// <summary>Fans an event out to the endpoints of merchants' own systems. Written by triggers. Arguments: <c>{ eventId, type, subjectId }</c>.</summary>
    public const string PublishEvent = "publish-event";

    /// <summary>Calls one endpoint with one event. Arguments: <c>{ deliveryId }</c>; its key is the endpoint's id.</summary>
    public const string DeliverWebhook = "deliver-webhook";

    /// <summary>Tells staff that an endpoint was switched off. Arguments: <c>{ endpointId }</c>.</summary>
    public const string SendWebhookNotice = "send-webhook-notice";

    /// <summary>Tells staff that a refund did not reach the shopper. Arguments: <c>{ refundId }</c>.</summary>
    public const string SendRefundFailure = "send-refund-failure";

    /// <summary>Tells staff that a shopper disputes a payment. Arguments: <c>{ disputeId }</c>.</summary>
    public const string SendDisputeNotice = "send-dispute-notice";

    /// <summary>Deletes what is old enough. No arguments.</summary>
    public const string Purge = "purge";

    public static readonly FrozenDictionary<string, JobKind> All = new[]
    {
        new JobKind(ApplyStripeEvent, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromSeconds(60), Priority: JobPriority.High),
        new JobKind(SendReceipt, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromMinutes(2)),
        new JobKind(ExpireReservation, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromSeconds(60)),
        new JobKind(SendStaffMail, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromMinutes(2), Priority: JobPriority.Low),
        new JobKind(AlertLowStock, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromSeconds(60), Priority: JobPriority.Low),
        new JobKind(AnnounceBackInStock, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromMinutes(2), Priority: JobPriority.Low),
        new JobKind(SendShippingNotice, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromMinutes(2)),
        new JobKind(SendTrackingNotice, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromMinutes(2)),
        new JobKind(SendCancellation, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromMinutes(2)),
        new JobKind(SendRefundNotice, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromMinutes(2)),
        new JobKind(RefundPayment, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromSeconds(60), Priority: JobPriority.High),
        new JobKind(VoidPayment, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromSeconds(60), Priority: JobPriority.High),
        new JobKind(ReconcilePayments, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromMinutes(30)),
        new JobKind(SendLowStockDigest, Version: 1, MaxFailures: JobKind.HalfAnHour, TimeLimit: TimeSpan.FromSeconds(60), Priority: JobPriority.Low),
        new JobKind(PublishEvent, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromSeconds(60)),
        // The job itself gives up earlier: an endpoint's fault is no dead letter. Few calls at once, so that an endpoint that hangs holds up nothing but its own.
        new JobKind(DeliverWebhook, Version: 1, MaxFailures: JobKind.DayAndAThird, TimeLimit: TimeSpan.FromSeconds(60), Priority: JobPriority.Low, MostPerKey: 4),
        new JobKind(SendWebhookNotice, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromSeconds(60), Priority: JobPriority.Low),
        new JobKind(SendRefundFailure, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromSeconds(60)),
        new JobKind(SendDisputeNotice, Version: 1, MaxFailures: JobKind.ADay, TimeLimit: TimeSpan.FromSeconds(60)),
        new JobKind(Purge, Version: 1, MaxFailures: JobKind.HalfAnHour, TimeLimit: TimeSpan.FromMinutes(10), MostRunning: 1),
    }.ToFrozenDictionary(kind => kind.Name);
}
