using Local.Stripe.Endpoints;
using Local.Stripe.Payments;
using Local.Stripe.State;
using Local.Web;

namespace Local.Stripe.Pages;

/// <summary>The pages a shopper sees.</summary>
internal static class PayPage
{
    private const string AnswerField = "answer";
    private const string Confirmed = "complete";
    private const string Failed = "fail";

    public static IResult Form(SessionRecord session, CardForm form, string? notice, int status = StatusCodes.Status200OK)
    {
        var problem = notice ?? (form.Errors.Count > 0 ? "Please check the marked fields." : null);
        return Frame.Page($"Pay {Amounts.Show(session.Total, session.Currency)}", Html.Of($"""
            <main id="main" class="pay">
              {Summary(session)}
              <section class="panel" aria-labelledby="pay-title">
                <h1 id="pay-title">Pay by card</h1>
                {Html.When(problem is not null, () => Html.Of($"""<p class="problem" role="alert">{problem}</p>"""))}
                <form method="post" action="/c/pay/{session.Id}" novalidate>
                  {Email(session, form)}
                  {Field(form, CardForm.NumberField, "Card number", form.Number, "cc-number", "numeric", "4242 4242 4242 4242")}
                  <div class="pair">
                    {Field(form, CardForm.ExpiryField, "Expiry (MM/YY)", form.Expiry, "cc-exp", "numeric", "04/30")}
                    {Field(form, CardForm.CvcField, "Security code", form.Cvc, "cc-csc", "numeric", "123")}
                  </div>
                  {Field(form, CardForm.NameField, "Name on card", form.Name, "cc-name", "text", "Ada Example")}
                  <button class="primary" type="submit">Pay {Amounts.Show(session.Total, session.Currency)}</button>
                </form>
                {Html.When(session.CancelUrl is not null, () => Html.Of($"""<p class="back"><a href="{session.CancelUrl}">Cancel and go back</a></p>"""))}
              </section>
              {Cards()}
            </main>
            """), status, session.SuccessUrl, session.CancelUrl);
    }

    /// <summary>The bank's question to the holder of the card.</summary>
    /// <param name="intent">What it is about.</param>
    /// <param name="method">The card.</param>
    /// <param name="action">Where the answer goes.</param>
    /// <param name="mayGoTo">Where the browser may go on from there.</param>
    public static IResult Challenge(IntentRecord intent, MethodRecord method, string action, params IEnumerable<string?> mayGoTo) => Frame.Page("Confirm the payment", Html.Of($"""
        <main id="main" class="narrow">
          <section class="panel" aria-labelledby="challenge-title">
            <p class="eyebrow">3-D Secure, as a bank would ask</p>
            <h1 id="challenge-title">Is it you who pays {Amounts.Show(intent.Amount, intent.Currency)}?</h1>
            <p>Card ending in {TestCards.Find(method.TestNumber)!.Last4}. Choose how the holder answers.</p>
            <form method="post" action="{action}" class="choices">
              <button class="primary" name="{AnswerField}" value="{Confirmed}">Complete authentication</button>
              <button name="{AnswerField}" value="{Failed}">Fail authentication</button>
            </form>
          </section>
        </main>
        """), StatusCodes.Status200OK, mayGoTo);

    /// <summary>The holder's answer to <see cref="Challenge"/>; null when it is none.</summary>
    public static bool? Answer(IFormCollection form) => form[AnswerField].ToString() switch
    {
        Confirmed => true,
        Failed => false,
        _ => null,
    };

    /// <summary>What was sent is no answer to <see cref="Challenge"/>: nothing has happened.</summary>
    public static IResult NoAnswer() => Message("That is no answer", $"The field {AnswerField} must be {Confirmed} or {Failed}. Nothing has happened.", null, null, StatusCodes.Status400BadRequest);

    /// <summary>The fields of a form; none where no form was sent, or one that cannot be read.</summary>
    public static async Task<IFormCollection> FieldsAsync(HttpRequest request)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : FormCollection.Empty;
        }
        catch (InvalidDataException)
        {
            return FormCollection.Empty;
        }
    }

    public static IResult Message(string title, string text, string? address, string? label, int status) => Frame.Page(title, Html.Of($"""
        <main id="main" class="narrow">
          <section class="panel">
            <h1>{title}</h1>
            <p>{text}</p>
            {Html.When(address is not null, () => Html.Of($"""<p><a class="primary" href="{address}">{label}</a></p>"""))}
          </section>
        </main>
        """), status);

    private static Html Summary(SessionRecord session) => Html.Of($"""
        <section class="summary" aria-labelledby="summary-title">
          <h2 id="summary-title">Your order</h2>
          <p class="total">{Amounts.Show(session.Total, session.Currency)}</p>
          <ul class="lines">
            {Html.Join(session.Lines.Select(line => Line(session, line)))}
          </ul>
          {Html.When(session.ShippingOptions.Count > 0, () => Html.Of($"""
            <dl class="sums">
              <div><dt>Subtotal</dt><dd>{Amounts.Show(session.Subtotal, session.Currency)}</dd></div>
              <div><dt>{session.ShippingOptions[0].DisplayName}</dt><dd>{Amounts.Show(session.Shipping, session.Currency)}</dd></div>
            </dl>
            """))}
          <dl class="sums grand"><div><dt>Total</dt><dd>{Amounts.Show(session.Total, session.Currency)}</dd></div></dl>
        </section>
        """);

    private static Html Line(SessionRecord session, LineRecord line) => Html.Of($"""
        <li>
          {Html.When(line.Image is not null, () => Html.Of($"""<img src="{line.Image}" alt="" width="48" height="48" loading="lazy">"""))}
          <span class="what"><span>{line.Name}</span><small>{(line.Quantity == 1 ? line.Description : $"{line.Quantity} × {Amounts.Show(line.UnitAmount, session.Currency)}")}</small></span>
          <span class="much">{Amounts.Show(line.Amount, session.Currency)}</span>
        </li>
        """);

    private static Html Email(SessionRecord session, CardForm form) => session.CustomerEmail is null
        ? Field(form, CardForm.EmailField, "Email", form.Email, "email", "email", "name@example.com")
        : Html.Of($"""<p class="fixed"><span>Email</span> {session.CustomerEmail}</p>""");

    private static Html Field(CardForm form, string name, string label, string value, string autocomplete, string inputMode, string placeholder)
    {
        var error = form.Errors.GetValueOrDefault(name);
        var marks = error is null ? Html.Empty : Html.Of($"""aria-invalid="true" aria-describedby="{name}-error" """);
        return Html.Of($"""
            <div class="field">
              <label for="{name}">{label}</label>
              <input id="{name}" name="{name}" value="{value}" autocomplete="{autocomplete}" inputmode="{inputMode}" placeholder="{placeholder}" required {marks}>
              {Html.When(error is not null, () => Html.Of($"""<p class="error" id="{name}-error">{error}</p>"""))}
            </div>
            """);
    }

    private static Html Cards() => Html.Of($"""
        <section class="cards" aria-labelledby="cards-title">
          <h2 id="cards-title">Test cards</h2>
          <p>Any expiry in the future and any security code. Choose one to fill in the form.</p>
          <ul>
            {Html.Join(TestCards.All.Select(card => Html.Of($"""<li><button type="button" class="card" data-number="{card.Number}" data-cvc="{new string('1', card.CvcLength)}"><code>{Grouped(card.Number)}</code> <span>{card.Meaning}</span></button></li>""")))}
          </ul>
        </section>
        """);

    private static string Grouped(string number) => string.Join(' ', number.Chunk(4).Select(part => new string(part)));
}
