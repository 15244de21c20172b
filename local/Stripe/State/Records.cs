using System.Text.Json.Serialization;

namespace Local.Stripe.State;

/// <summary>What the emulator keeps. Amounts are minor units of the currency; times are whole seconds as on the wire.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SessionRecord), "session")]
[JsonDerivedType(typeof(IntentRecord), "intent")]
[JsonDerivedType(typeof(ChargeRecord), "charge")]
[JsonDerivedType(typeof(MethodRecord), "method")]
[JsonDerivedType(typeof(RefundRecord), "refund")]
[JsonDerivedType(typeof(DisputeRecord), "dispute")]
[JsonDerivedType(typeof(EventRecord), "event")]
[JsonDerivedType(typeof(DeliveryRecord), "delivery")]
[JsonDerivedType(typeof(AnswerRecord), "answer")]
public abstract record Stored
{
    public required string Id { get; init; }
    public required DateTimeOffset Created { get; init; }

    /// <summary>Order of creation, given by the store; ties of <see cref="Created"/> are broken by it.</summary>
    public long Sequence { get; init; }
}

/// <summary>A Checkout Session in mode <c>payment</c>.</summary>
public sealed record SessionRecord : Stored
{
    public required string Currency { get; init; }
    public required IReadOnlyList<LineRecord> Lines { get; init; }
    public IReadOnlyList<ShippingOption> ShippingOptions { get; init; } = [];
    public required string SuccessUrl { get; init; }
    public string? CancelUrl { get; init; }
    public required string Url { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public string Status { get; init; } = "open";
    public string? CustomerEmail { get; init; }
    public string? ClientReferenceId { get; init; }
    public string? Locale { get; init; }
    public string? SubmitType { get; init; }
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
    public required IntentTemplate Intent { get; init; }
    public string? IntentId { get; init; }
    public CustomerDetails? Customer { get; init; }

    [JsonIgnore] public long Subtotal => Lines.Sum(line => line.Amount);
    [JsonIgnore] public long Shipping => ShippingOptions.Count > 0 ? ShippingOptions[0].Amount : 0;
    [JsonIgnore] public long Total => Subtotal + Shipping;
}

public sealed record LineRecord(string Id, string PriceId, string ProductId, string Name, string? Description,
    string? Image, long UnitAmount, long Quantity)
{
    [JsonIgnore] public long Amount => UnitAmount * Quantity;
}

public sealed record ShippingOption(string RateId, string DisplayName, long Amount);

public sealed record CustomerDetails(string Email, string? Name, string? Country, string? PostalCode);

/// <summary>What a session's <c>payment_intent_data</c> asks of the intent that is made when the shopper pays.</summary>
public sealed record IntentTemplate
{
    public string CaptureMethod { get; init; } = "automatic_async";
    public string? Description { get; init; }
    public string? ReceiptEmail { get; init; }
    public string? StatementDescriptor { get; init; }
    public string? StatementDescriptorSuffix { get; init; }
    public string? TransferGroup { get; init; }

    /// <summary>Of automatic payment methods; null where there are none.</summary>
    public string? AllowRedirects { get; init; }
    public ShippingRecord? Shipping { get; init; }
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

public sealed record ShippingRecord(string Name, string? Phone, string? Line1, string? Line2, string? City,
    string? PostalCode, string? State, string? Country);

public sealed record IntentRecord : Stored
{
    public required long Amount { get; init; }
    public required string Currency { get; init; }
    public required string ClientSecret { get; init; }
    public required IntentTemplate Template { get; init; }
    public string Status { get; init; } = "requires_payment_method";
    public string? SessionId { get; init; }
    public string? MethodId { get; init; }
    public string? LatestChargeId { get; init; }
    public IntentRedirect? Redirect { get; init; }
    public long AmountReceived { get; init; }
    public long AmountCapturable { get; init; }
    public DateTimeOffset? CanceledAt { get; init; }
    public string? CancellationReason { get; init; }

    /// <summary>Until when an authorised amount can be captured; null where none waits for that.</summary>
    public DateTimeOffset? CaptureBefore { get; init; }
    public CardError? LastError { get; init; }
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>How the holder is asked without Stripe.js: the page to send them to, and where it leads back.</summary>
public sealed record IntentRedirect(string Url, string ReturnUrl);

public sealed record CardError(string Code, string? DeclineCode, string Message, string? ChargeId, string? MethodId);

public sealed record MethodRecord : Stored
{
    /// <summary>The test card's number; only numbers of the emulator's own list are ever kept.</summary>
    public required string TestNumber { get; init; }
    public required int ExpiryMonth { get; init; }
    public required int ExpiryYear { get; init; }
    public CustomerDetails? Billing { get; init; }
}

public sealed record ChargeRecord : Stored
{
    public required string IntentId { get; init; }
    public required string MethodId { get; init; }
    public required long Amount { get; init; }
    public required string Currency { get; init; }
    public required string Status { get; init; }
    public required bool Captured { get; init; }
    public long AmountCaptured { get; init; }
    public long AmountRefunded { get; init; }
    public bool Authenticated { get; init; }
    public CardError? Failure { get; init; }
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

public sealed record RefundRecord : Stored
{
    public required string ChargeId { get; init; }
    public required string IntentId { get; init; }
    public required long Amount { get; init; }
    public required string Currency { get; init; }
    public required string Status { get; init; }
    public string? Reason { get; init; }
    public string? FailureReason { get; init; }
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

public sealed record DisputeRecord : Stored
{
    public required string ChargeId { get; init; }
    public required string IntentId { get; init; }
    public required long Amount { get; init; }
    public required string Currency { get; init; }
    public required string Reason { get; init; }
    public required string Status { get; init; }
    public required DateTimeOffset DueBy { get; init; }
    public IReadOnlyList<DisputeMovement> Movements { get; init; } = [];
    public IReadOnlyDictionary<string, string> Evidence { get; init; } = new Dictionary<string, string>();
    public int Submissions { get; init; }
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    [JsonIgnore] public bool IsInquiry => Status.StartsWith("warning_", StringComparison.Ordinal);
    [JsonIgnore] public bool IsClosed => Status is "won" or "lost" or "warning_closed";
}

/// <summary>
/// Money taken for a dispute (negative) or given back, and the fee with it, in the currency the account settles in. <c>Rate</c>: units of that for one of the
/// charge's; none where the charge is in it.
/// </summary>
public sealed record DisputeMovement(string Id, DateTimeOffset At, long Amount, long Fee, string? Currency = null, decimal? Rate = null);

/// <summary>An event; <see cref="Data"/> is the object as it was when the event happened (JSON).</summary>
public sealed record EventRecord : Stored
{
    public required string Type { get; init; }
    public required string Data { get; init; }
    public string? PreviousAttributes { get; init; }
    public string? RequestId { get; init; }
    public string? IdempotencyKey { get; init; }
}

/// <summary>One delivery of one event to the webhook endpoint: <c>pending</c>, <c>held</c>, <c>delivered</c> or <c>failed</c>.</summary>
public sealed record DeliveryRecord : Stored
{
    public required string EventId { get; init; }
    public required string State { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public int Attempts { get; init; }
    public string? LastResult { get; init; }
}

/// <summary>The answer that is replayed for an idempotency key; its id is the key.</summary>
public sealed record AnswerRecord : Stored
{
    public required string Fingerprint { get; init; }
    public required int Status { get; init; }
    public required string Body { get; init; }
    public required string RequestId { get; init; }
}
