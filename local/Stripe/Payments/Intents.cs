using Local.Stripe.Shapes;
using Local.Stripe.State;
using Local.Stripe.Wire;

namespace Local.Stripe.Payments;

/// <summary>The life of a payment intent: attempts, authentication, capture, cancellation.</summary>
public static class Intents
{
    private static readonly string[] Cancellable =
        [IntentStatus.RequiresPaymentMethod, IntentStatus.RequiresCapture, IntentStatus.RequiresConfirmation, IntentStatus.RequiresAction];

    /// <summary>How long a card's authorisation can be captured (docs.stripe.com/payments/place-a-hold-on-a-payment-method).</summary>
    public static readonly TimeSpan AuthorisationsLast = TimeSpan.FromDays(7);

    /// <summary>The intent as of now: one whose authorisation has lapsed is cancelled on the spot.</summary>
    public static IntentRecord? Current(Work work, string id)
    {
        var intent = work.State.Find<IntentRecord>(id);
        return intent is { Status: IntentStatus.RequiresCapture } && intent.CaptureBefore <= work.Now ? Cancel(work, intent, "automatic") : intent;
    }

    public static IntentRecord Create(Work work, long amount, string currency, IntentTemplate template, string? sessionId)
    {
        var id = Ids.New("pi");
        var intent = work.State.Put(new IntentRecord
        {
            Id = id,
            Created = work.Now,
            Amount = amount,
            Currency = currency,
            Template = template,
            ClientSecret = $"{id}_secret_{Ids.New("s")[2..]}",
            SessionId = sessionId,
            Metadata = template.Metadata,
        });
        work.Emit("payment_intent.created", IntentShape.Of(intent, work.State));
        return intent;
    }

    /// <summary>Tries to pay with a card: succeeds, is declined, or waits for the holder's authentication.</summary>
    /// <param name="isOffSession">The holder is not there: a card that asks is declined.</param>
    public static IntentRecord Attempt(Work work, IntentRecord intent, MethodRecord method, bool isOffSession = false)
    {
        if (TestCards.Find(method.TestNumber)!.Asks)
        {
            if (isOffSession)
                return Charge(work, intent with { MethodId = method.Id }, authenticated: false, isAsked: true);
            var waiting = work.State.Put(intent with { MethodId = method.Id, Status = IntentStatus.RequiresAction, LastError = null });
            work.Emit("payment_intent.requires_action", IntentShape.Of(waiting, work.State));
            return waiting;
        }
        return Charge(work, intent with { MethodId = method.Id }, authenticated: false);
    }

    /// <summary>The holder's answer to 3-D Secure.</summary>
    public static IntentRecord Authenticate(Work work, IntentRecord intent, bool succeeded)
    {
        if (succeeded)
            return Charge(work, intent, authenticated: true);
        var error = new CardError("payment_intent_authentication_failure", null,
            "We are unable to authenticate your payment method. Please choose a different payment method and try again.", null, intent.MethodId);
        return Fail(work, intent, error);
    }

    public static IntentRecord Capture(Work work, IntentRecord intent, long? amount)
    {
        if (intent.Status != IntentStatus.RequiresCapture)
            throw Unexpected(work, intent, "This PaymentIntent could not be captured because it has a status of {0}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.");
        var captured = amount ?? intent.AmountCapturable;
        if (captured > intent.AmountCapturable)
            throw StripeError.Invalid($"The capture amount {captured} is greater than the amount that can be captured {intent.AmountCapturable}.", "amount_to_capture", "amount_too_large");
        var charge = work.State.Get<ChargeRecord>(intent.LatestChargeId);
        charge = work.State.Put(charge with { Captured = true, AmountCaptured = captured });
        var done = work.State.Put(intent with { Status = IntentStatus.Succeeded, AmountCapturable = 0, AmountReceived = captured });
        work.Emit("charge.captured", ChargeShape.Of(charge, work.State));
        work.Emit("payment_intent.succeeded", IntentShape.Of(done, work.State));
        Disputes.OpenFor(work, charge);
        return done;
    }

    public static IntentRecord Cancel(Work work, IntentRecord intent, string? reason)
    {
        if (!Cancellable.Contains(intent.Status))
            throw Unexpected(work, intent, $"You cannot cancel this PaymentIntent because it has a status of {{0}}. Only a PaymentIntent with one of the following statuses may be canceled: {string.Join(", ", Cancellable)}.");
        // Since 2025-03-31.basil a cancellation makes no refund: an uncaptured charge stays as it is.
        var cancelled = work.State.Put(intent with { Status = IntentStatus.Canceled, AmountCapturable = 0, CanceledAt = work.Now, CancellationReason = reason });
        work.Emit("payment_intent.canceled", IntentShape.Of(cancelled, work.State));
        return cancelled;
    }

    /// <summary>The refusal of a verb in the wrong state; <c>{0}</c> in <paramref name="words"/> is the intent's status.</summary>
    public static StripeError Unexpected(Work work, IntentRecord intent, string words) =>
        new(StatusCodes.Status400BadRequest, "invalid_request_error", words.Replace("{0}", intent.Status, StringComparison.Ordinal))
        {
            Code = "payment_intent_unexpected_state",
            PaymentIntent = IntentShape.Of(intent, work.State),
        };

    private static IntentRecord Charge(Work work, IntentRecord intent, bool authenticated, bool isAsked = false)
    {
        var method = work.State.Get<MethodRecord>(intent.MethodId);
        var card = TestCards.Find(method.TestNumber)!;
        var chargeId = Ids.New("ch");
        var failure = isAsked ? new CardError("authentication_required", "authentication_required", "Your card was declined. This transaction requires authentication.", chargeId, method.Id)
            : card.Code is null ? null : new CardError(card.Code, card.DeclineCode, card.Message!, chargeId, method.Id);
        var captured = failure is null && intent.Template.CaptureMethod != "manual";
        var charge = work.State.Put(new ChargeRecord
        {
            Id = chargeId,
            Created = work.Now,
            IntentId = intent.Id,
            MethodId = method.Id,
            Amount = intent.Amount,
            Currency = intent.Currency,
            Status = failure is null ? "succeeded" : "failed",
            Captured = captured,
            AmountCaptured = captured ? intent.Amount : 0,
            Authenticated = authenticated,
            Failure = failure,
            Metadata = intent.Metadata,
        });
        if (failure is not null)
        {
            work.Emit("charge.failed", ChargeShape.Of(charge, work.State));
            return Fail(work, intent with { LatestChargeId = chargeId }, failure);
        }
        var done = work.State.Put(intent with
        {
            Status = captured ? IntentStatus.Succeeded : IntentStatus.RequiresCapture,
            LatestChargeId = chargeId,
            AmountReceived = captured ? intent.Amount : 0,
            AmountCapturable = captured ? 0 : intent.Amount,
            CaptureBefore = captured ? null : charge.Created + AuthorisationsLast,
            LastError = null,
        });
        work.Emit("charge.succeeded", ChargeShape.Of(charge, work.State));
        work.Emit(captured ? "payment_intent.succeeded" : "payment_intent.amount_capturable_updated", IntentShape.Of(done, work.State));
        if (captured)
            Disputes.OpenFor(work, charge);
        return done;
    }

    private static IntentRecord Fail(Work work, IntentRecord intent, CardError error)
    {
        var failed = work.State.Put(intent with { Status = IntentStatus.RequiresPaymentMethod, MethodId = null, LastError = error });
        work.Emit("payment_intent.payment_failed", IntentShape.Of(failed, work.State));
        return failed;
    }
}

/// <summary>What an intent can be.</summary>
public static class IntentStatus
{
    public const string RequiresPaymentMethod = "requires_payment_method";
    public const string RequiresConfirmation = "requires_confirmation";
    public const string RequiresAction = "requires_action";
    public const string RequiresCapture = "requires_capture";
    public const string Succeeded = "succeeded";
    public const string Canceled = "canceled";
}
