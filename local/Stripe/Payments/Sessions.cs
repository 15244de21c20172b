using Local.Stripe.Shapes;
using Local.Stripe.State;
using Local.Stripe.Wire;

namespace Local.Stripe.Payments;

/// <summary>The life of a Checkout Session: open, then complete or expired, never back.</summary>
public static class Sessions
{
    public const string Open = "open";
    public const string Complete = "complete";
    public const string Expired = "expired";

    /// <summary>The session as of now: one whose time is up is expired on the spot.</summary>
    public static SessionRecord? Current(Work work, string id)
    {
        var session = work.State.Find<SessionRecord>(id);
        return session is { Status: Open } && session.ExpiresAt <= work.Now ? Expire(work, session) : session;
    }

    /// <exception cref="StripeError">No such session.</exception>
    public static SessionRecord Required(Work work, string id) =>
        Current(work, id) ?? throw StripeError.Missing("checkout.session", id, "session");

    public static SessionRecord Expire(Work work, SessionRecord session)
    {
        if (session.Status != Open)
            throw StripeError.Invalid($"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `{session.Status}`.");
        var expired = work.State.Put(session with { Status = Expired });
        if (work.State.Find<IntentRecord>(session.IntentId) is { } intent)
            Intents.Cancel(work, intent, "expired");
        work.Emit("checkout.session.expired", SessionShape.Of(expired, work.State));
        return expired;
    }

    /// <summary>An attempt to pay from the payment page; the session must be open.</summary>
    public static IntentRecord Pay(Work work, SessionRecord session, TestCard card, int month, int year, CustomerDetails customer)
    {
        var intent = work.State.Find<IntentRecord>(session.IntentId)
            ?? Intents.Create(work, session.Total, session.Currency, session.Intent, session.Id);
        var method = work.State.Put(new MethodRecord { Id = Ids.New("pm"), Created = work.Now, TestNumber = card.Number, ExpiryMonth = month, ExpiryYear = year, Billing = customer });
        session = work.State.Put(session with { IntentId = intent.Id, Customer = customer });
        return Settle(work, session, Intents.Attempt(work, intent, method));
    }

    /// <summary>The shopper's answer to the challenge; nothing happens unless one is waiting.</summary>
    public static IntentRecord? Answer(Work work, SessionRecord session, bool succeeded) =>
        work.State.Find<IntentRecord>(session.IntentId) is { Status: IntentStatus.RequiresAction } intent
            ? Settle(work, session, Intents.Authenticate(work, intent, succeeded))
            : null;

    /// <summary>Where the browser goes after paying.</summary>
    public static string SuccessAddress(SessionRecord session) =>
        session.SuccessUrl.Replace("{CHECKOUT_SESSION_ID}", session.Id, StringComparison.Ordinal);

    private static IntentRecord Settle(Work work, SessionRecord session, IntentRecord intent)
    {
        if (intent.Status is IntentStatus.Succeeded or IntentStatus.RequiresCapture)
        {
            var complete = work.State.Put(session with { Status = Complete });
            work.Emit("checkout.session.completed", SessionShape.Of(complete, work.State));
        }
        return intent;
    }
}
