namespace Commerce.Payments;

/// <summary>Every way a payment can be refused.</summary>
public static class PaymentRefusals
{
    public const string AlreadyPaid = "payments.already-paid";
    public const string OrderClosed = "payments.order-closed";
    public const string NothingToCapture = "payments.nothing-to-capture";
    public const string CaptureUnderWay = "payments.capture-under-way";
    public const string CaptureRefused = "payments.capture-refused";
    public const string NothingToRefund = "payments.nothing-to-refund";
    public const string RefundTooMuch = "payments.refund-too-much";
    public const string Refundable = "payments.refundable";
    public const string Disputed = "payments.disputed";
    public const string CursorInvalid = "payments.cursor-invalid";
    public const string SignatureInvalid = "payments.signature-invalid";
    public const string EventInvalid = "payments.event-invalid";
    public const string WindowInvalid = "payments.window-invalid";
    public const string DifferenceNotFound = "payments.difference-not-found";
    public const string DifferenceResolved = "payments.difference-resolved";
    public const string DifferenceChanged = "payments.difference-changed";

    /// <summary>Stripe was asked for something it does not do; nothing was changed there.</summary>
    public const string GatewayRefused = "payments.gateway-refused";
}

/// <summary>Stripe could not be asked, or did not answer in time; nothing was decided and the stock stays reserved.</summary>
public sealed class GatewayUnavailableException(string message, bool hasAnswered, Exception? inner) : Exception(message, inner)
{
    public const string Code = "payments.gateway-unavailable";

    /// <summary>Stripe answered 5xx, which it will replay for the idempotency key: whether it acted is unknown, and this key will not tell.</summary>
    public bool HasAnswered => hasAnswered;
}
