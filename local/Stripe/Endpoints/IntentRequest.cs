using System.Text.Json.Nodes;
using Local.Stripe.Pages;
using Local.Stripe.Payments;
using Local.Stripe.Shapes;
using Local.Stripe.State;
using Local.Stripe.Wire;

namespace Local.Stripe.Endpoints;

/// <summary>Payment intents made, changed and confirmed by the API with a test payment method (<c>pm_card_visa</c>).</summary>
public sealed class IntentRequest(BrowserOrigin origin)
{
    private const int TestExpiryYears = 3;

    public JsonNode Create(ApiCall call)
    {
        var parameters = call.Params;
        var amount = parameters.RequiredInteger("amount", 1, long.MaxValue);
        var currency = Amounts.Currency(parameters);
        Amounts.Check(amount, currency, "amount");
        if (parameters.Texts("payment_method_types").Concat(parameters.Texts("allowed_payment_method_types")).FirstOrDefault(type => type != "card") is { } other)
            throw StripeError.Invalid($"The emulator knows only the payment method type card, not {other}.", "payment_method_types");
        var automatic = parameters.Object("automatic_payment_methods");
        var isAutomatic = automatic?.Flag("enabled") == true;
        var redirects = automatic?.OneOf("allow_redirects", "always", "never") ?? "always";
        parameters.OneOf("confirmation_method", "automatic");
        var intent = Intents.Create(call.Work, amount, currency, new IntentTemplate
        {
            CaptureMethod = parameters.OneOf("capture_method", "automatic", "automatic_async", "manual") ?? "automatic_async",
            Description = parameters.Text("description", 1000),
            ReceiptEmail = SessionRequest.Email(parameters, "receipt_email"),
            StatementDescriptor = parameters.Text("statement_descriptor", 22),
            StatementDescriptorSuffix = parameters.Text("statement_descriptor_suffix", 22),
            TransferGroup = parameters.Text("transfer_group"),
            AllowRedirects = isAutomatic ? redirects : null,
            Shipping = ShippingParams.Read(parameters.Object("shipping")),
            Metadata = parameters.Metadata(),
        }, sessionId: null);
        if (parameters.Flag("confirm") == true)
            return Confirm(call, intent);
        return IntentShape.Of(Choose(call, intent), call.Work.State);
    }

    public static IntentRecord Update(ApiCall call, IntentRecord intent)
    {
        var amount = call.Params.Integer("amount", 1, long.MaxValue);
        if (amount is not null || call.Params.Has("payment_method"))
            OnlyOfItsOwn(call, intent);
        if (amount is not null && intent.Status is not (IntentStatus.RequiresPaymentMethod or IntentStatus.RequiresConfirmation or IntentStatus.RequiresAction))
            throw Intents.Unexpected(call.Work, intent, "This PaymentIntent's amount could not be updated because it has a status of {0}.");
        if (amount is not null)
            Amounts.Check(amount.Value, intent.Currency, "amount");
        var changed = Choose(call, intent);
        return call.Work.State.Put(changed with
        {
            Amount = amount ?? changed.Amount,
            Metadata = call.Params.Metadata(changed.Metadata),
            Template = changed.Template with
            {
                Description = call.Params.Text("description", 1000) ?? changed.Template.Description,
                ReceiptEmail = SessionRequest.Email(call.Params, "receipt_email") ?? changed.Template.ReceiptEmail,
            },
        });
    }

    public JsonNode Confirm(ApiCall call, IntentRecord intent)
    {
        OnlyOfItsOwn(call, intent);
        var redirect = call.Params.Address("return_url") is { } back ? new IntentRedirect(origin.Of(call.Request) + ChallengeEndpoints.PathOf(intent), back) : null;
        var isOffSession = call.Params.Flag("off_session") == true;
        var chosen = Choose(call, intent);
        if (chosen.Status is not (IntentStatus.RequiresPaymentMethod or IntentStatus.RequiresConfirmation))
            throw Intents.Unexpected(call.Work, intent, "You cannot confirm this PaymentIntent because it has a status of {0}.");
        if (call.Work.State.Find<MethodRecord>(chosen.MethodId) is not { } method)
            throw StripeError.Invalid("You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method.", code: "payment_intent_unexpected_state");
        var tried = Intents.Attempt(call.Work, chosen with { Redirect = redirect }, method, isOffSession);
        var shape = IntentShape.Of(tried, call.Work.State);
        return tried.LastError is not { } error ? shape : throw new StripeError(StatusCodes.Status402PaymentRequired, "card_error", error.Message)
        {
            Code = error.Code,
            DeclineCode = error.DeclineCode,
            Charge = error.ChargeId,
            PaymentIntent = shape,
            KeepsState = true,
        };
    }

    /// <summary>What an open Checkout Session made is paid on its page alone; paid behind its back, the session could neither complete nor expire.</summary>
    private static void OnlyOfItsOwn(ApiCall call, IntentRecord intent)
    {
        if (call.Work.State.Find<SessionRecord>(intent.SessionId) is { Status: Sessions.Open })
            throw StripeError.Invalid("You cannot perform this action on PaymentIntents created by Checkout.", code: "payment_intent_unexpected_state");
    }

    /// <summary>The intent with the payment method that the call names, if it names one.</summary>
    private static IntentRecord Choose(ApiCall call, IntentRecord intent)
    {
        if (call.Params.Text("payment_method") is not { } id)
            return intent;
        var method = call.Work.State.Find<MethodRecord>(id);
        if (method is null && TestCards.Find(id) is { } card && id.StartsWith("pm_card_", StringComparison.Ordinal))
            method = call.Work.State.Put(new MethodRecord { Id = Ids.New("pm"), Created = call.Now, TestNumber = card.Number, ExpiryMonth = call.Now.Month, ExpiryYear = call.Now.Year + TestExpiryYears });
        if (method is null)
            throw StripeError.Invalid($"No such PaymentMethod: '{id}'", "payment_method", "resource_missing");
        return call.Work.State.Put(intent with
        {
            MethodId = method.Id,
            Status = intent.Status == IntentStatus.RequiresPaymentMethod ? IntentStatus.RequiresConfirmation : intent.Status,
        });
    }
}
