using Local.Stripe.Payments;
using Local.Stripe.State;
using Microsoft.AspNetCore.WebUtilities;

namespace Local.Stripe.Pages;

/// <summary>
/// The bank's page of an intent that was confirmed without Stripe.js: where <c>next_action.redirect_to_url.url</c> leads, and from where the holder goes back
/// to the shop with <c>payment_intent</c>, <c>payment_intent_client_secret</c> and <c>redirect_status</c>.
/// </summary>
internal sealed class ChallengeEndpoints(Store store, WorkFactory works)
{
    private const string Path = "/c/authenticate/";
    private const string EndOfId = "_secret_";

    public static string PathOf(IntentRecord intent) => Path + intent.ClientSecret;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path + "{secret}", Show);
        app.MapPost(Path + "{secret}", AnswerAsync).DisableAntiforgery();
    }

    private IResult Show(string secret) => store.Run(transaction => Find(transaction, secret) switch
    {
        { Status: IntentStatus.RequiresAction } waiting => PayPage.Challenge(waiting, transaction.Get<MethodRecord>(waiting.MethodId), PathOf(waiting), waiting.Redirect!.ReturnUrl),
        { } answered => Back(answered),
        null => Unknown(),
    });

    private async Task<IResult> AnswerAsync(string secret, HttpRequest request)
    {
        var answer = PayPage.Answer(await PayPage.FieldsAsync(request));
        return store.Run(transaction => Find(transaction, secret) switch
        {
            { Status: IntentStatus.RequiresAction } when answer is null => PayPage.NoAnswer(),
            { Status: IntentStatus.RequiresAction } waiting => Back(Intents.Authenticate(works.Begin(transaction), waiting, answer!.Value)),
            { } answered => Back(answered),
            null => Unknown(),
        });
    }

    /// <summary>Whoever knows the secret of an intent that leads here.</summary>
    private static IntentRecord? Find(StoreTransaction transaction, string secret) =>
        transaction.Find<IntentRecord>(secret.Split(EndOfId)[0]) is { Redirect: not null } intent && intent.ClientSecret == secret ? intent : null;

    private static SeeOther Back(IntentRecord intent) => new(QueryHelpers.AddQueryString(intent.Redirect!.ReturnUrl, new Dictionary<string, string?>
    {
        ["payment_intent"] = intent.Id,
        ["payment_intent_client_secret"] = intent.ClientSecret,
        ["redirect_status"] = intent.Status is IntentStatus.Succeeded or IntentStatus.RequiresCapture ? "succeeded" : "failed",
    }));

    private static IResult Unknown() =>
        PayPage.Message("No such payment", "The address names no payment of this emulator that asks for 3-D Secure. It may have been reset.", null, null, StatusCodes.Status404NotFound);
}
