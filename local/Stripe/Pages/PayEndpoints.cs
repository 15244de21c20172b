using Local.Stripe.Payments;
using Local.Stripe.State;

namespace Local.Stripe.Pages;

/// <summary>The hosted payment page: where <c>session.url</c> leads.</summary>
internal sealed class PayEndpoints(Store store, WorkFactory works)
{
    private const string Url = "/c/pay/{id}";
    private const string Challenge = "/challenge";

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Url, Show);
        app.MapPost(Url, PayAsync).DisableAntiforgery();
        app.MapGet(Url + Challenge, ShowChallenge);
        app.MapPost(Url + Challenge, AnswerAsync).DisableAntiforgery();
    }

    private IResult Show(string id) => store.Run(transaction =>
    {
        var session = Sessions.Current(works.Begin(transaction), id);
        return session is { Status: Sessions.Open }
            ? PayPage.Form(session, CardForm.Empty(session), Notice(transaction, session))
            : Closed(session);
    });

    private async Task<IResult> PayAsync(string id, HttpRequest request)
    {
        var form = await PayPage.FieldsAsync(request);
        return store.Run(transaction =>
        {
            var work = works.Begin(transaction);
            var session = Sessions.Current(work, id);
            if (session is not { Status: Sessions.Open })
                return Closed(session);
            var card = CardForm.Read(form, session, work.Now);
            if (card.Errors.Count > 0)
                return PayPage.Form(session, card, null, StatusCodes.Status400BadRequest);
            var customer = new CustomerDetails(card.Email, card.Name, null, null);
            return After(session, Sessions.Pay(work, session, card.Card!, card.Month, card.Year, customer), card);
        });
    }

    private IResult ShowChallenge(string id) => store.Run(transaction =>
    {
        var session = Sessions.Current(works.Begin(transaction), id);
        if (session is not { Status: Sessions.Open })
            return Closed(session);
        return transaction.Find<IntentRecord>(session.IntentId) is { Status: IntentStatus.RequiresAction } intent
            ? PayPage.Challenge(intent, transaction.Get<MethodRecord>(intent.MethodId), $"/c/pay/{session.Id}{Challenge}", session.SuccessUrl, session.CancelUrl)
            : Results.LocalRedirect($"/c/pay/{session.Id}");
    });

    private async Task<IResult> AnswerAsync(string id, HttpRequest request)
    {
        var form = await PayPage.FieldsAsync(request);
        return store.Run(transaction =>
        {
            var work = works.Begin(transaction);
            var session = Sessions.Current(work, id);
            if (session is not { Status: Sessions.Open })
                return Closed(session);
            if (PayPage.Answer(form) is not { } confirmed)
                return PayPage.NoAnswer();
            return Sessions.Answer(work, session, confirmed) is { } intent
                ? After(session, intent, CardForm.Empty(session))
                : Results.LocalRedirect($"/c/pay/{session.Id}");
        });
    }

    private static IResult After(SessionRecord session, IntentRecord intent, CardForm card) => intent.Status switch
    {
        IntentStatus.RequiresAction => new SeeOther($"/c/pay/{session.Id}{Challenge}"),
        IntentStatus.RequiresPaymentMethod => PayPage.Form(session, card, intent.LastError!.Message, StatusCodes.Status402PaymentRequired),
        _ => new SeeOther(Sessions.SuccessAddress(session)),
    };

    private static string? Notice(StoreTransaction transaction, SessionRecord session) =>
        transaction.Find<IntentRecord>(session.IntentId)?.LastError?.Message;

    private static IResult Closed(SessionRecord? session) => session switch
    {
        null => PayPage.Message("No such payment", "The address names no payment session of this emulator. It may have been reset.", null, null, StatusCodes.Status404NotFound),
        { Status: Sessions.Complete } => PayPage.Message("Already paid", "This payment went through. There is nothing more to do here.", Sessions.SuccessAddress(session), "Go to the order", StatusCodes.Status200OK),
        _ => PayPage.Message("This payment session has expired", "Nothing was charged. Go back to the shop to start again.", session.CancelUrl, "Back to the shop", StatusCodes.Status410Gone),
    };
}
