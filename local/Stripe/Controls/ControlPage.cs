using System.Globalization;
using Local.Stripe.Endpoints;
using Local.Stripe.Pages;
using Local.Stripe.State;
using Local.Stripe.Webhooks;
using Local.Web;
using Microsoft.Extensions.Options;

namespace Local.Stripe.Controls;

/// <summary>The page <c>/_emulator</c>: what happened here, and buttons for what may go wrong.</summary>
internal sealed class ControlPage(Store store, WorkFactory works, EmulatorClock clock, ApiFaults faults, WebhookPlan plan, IOptions<StripeOptions> options)
{
    private const int MaxRows = 50;

    public IResult Show() => store.Run(transaction => Frame.Page("Controls", Html.Of($"""
        <main id="main" class="desk">
          <h1>The till</h1>
          <p class="soft">Events go to {Target()}. It is {Time(works.Now)} here{(clock.Ahead == TimeSpan.Zero ? "" : string.Create(CultureInfo.InvariantCulture, $", {clock.Ahead.TotalMinutes:0.#} minutes ahead of the real time"))}.</p>
          {Waiting()}
          <div class="tools">
            {ApiFaultForm()}
            {WebhookFaultForm()}
            {Clock()}
          </div>
          {Sessions(transaction)}
          {Payments(transaction)}
          {Refunds(transaction)}
          {Disputes(transaction)}
          {Events(transaction)}
        </main>
        """)));

    private Html Target() => string.IsNullOrEmpty(options.Value.WebhookUrl)
        ? Html.Of($"nowhere: <code>Stripe:WebhookUrl</code> is not set")
        : Html.Of($"<code>{options.Value.WebhookUrl}</code>");

    private Html Waiting()
    {
        var waiting = faults.Waiting.Select(fault => $"Next {fault.Calls} calls{(fault.Path is null ? "" : " of " + fault.Path)}: {Words(fault)}")
            .Concat(plan.Waiting.Select(fault => $"Next {fault.Events} events{(fault.Type is null ? "" : " " + fault.Type)}: {Words(fault)}")).ToList();
        return Html.When(waiting.Count > 0, () => Html.Of($"""
            <section class="panel problem-panel" aria-labelledby="waiting-title">
              <h2 id="waiting-title">Faults that wait</h2>
              <ul>{Html.Join(waiting.Select(line => Html.Of($"<li>{line}</li>")))}</ul>
              {Button("/_emulator/page/clear-faults", "Clear all faults")}
            </section>
            """));
    }

    private static string Words(ApiFault fault) => fault.Kind switch
    {
        ApiFaultKind.Status => $"answer {fault.Status}, nothing done",
        ApiFaultKind.Hang => $"wait {fault.Milliseconds} ms",
        ApiFaultKind.ErrorAfter => "do the work, answer 500",
        ApiFaultKind.Drop => "hang up, nothing done",
        _ => "do the work, hang up",
    };

    private static string Words(WebhookFault fault) => fault.Hold ? "hold back until released"
        : fault.CopiesMax == 0 ? "never deliver"
        : $"deliver {fault.CopiesMin} to {fault.CopiesMax} times, {fault.DelayMinMilliseconds} to {fault.DelayMaxMilliseconds} ms late";

    private static Html ApiFaultForm() => Html.Of($"""
        <form class="panel" method="post" action="/_emulator/page/fault">
          <h2>Trouble with the API</h2>
          {Select("kind", "What happens", ("Status", "Answers 503, nothing done"), ("ErrorAfter", "Does the work, answers 500"), ("Hang", "Waits 10 s, then answers"), ("Drop", "Hangs up, nothing done"), ("DropAfter", "Does the work, hangs up"))}
          {Select("path", "On which calls", ("", "All"), ("/v1/checkout/sessions", "Checkout Sessions"), ("/v1/payment_intents", "Payment intents"), ("/v1/refunds", "Refunds"))}
          {Number("calls", "For how many calls")}
          <button>Arm</button>
        </form>
        """);

    private static Html WebhookFaultForm() => Html.Of($"""
        <form class="panel" method="post" action="/_emulator/page/webhook-fault">
          <h2>Trouble with webhooks</h2>
          {Select("kind", "What happens", ("late", "10 to 30 s late"), ("copies", "Delivered 2 to 5 times"), ("shuffled", "Out of order, within 10 s"), ("hold", "Held back until released"), ("never", "Never delivered"))}
          {Select("type", "Which events", ("", "All"), ("checkout.session.completed", "checkout.session.completed"), ("checkout.session.expired", "checkout.session.expired"), ("payment_intent.succeeded", "payment_intent.succeeded"), ("charge.refunded", "charge.refunded"))}
          {Number("events", "For how many events")}
          <button>Arm</button>
        </form>
        """);

    private static Html Clock() => Html.Of($"""
        <section class="panel" aria-labelledby="clock-title">
          <h2 id="clock-title">Time and state</h2>
          <div class="choices">
            {Button("/_emulator/page/release?order=fifo", "Release held events in order")}
            {Button("/_emulator/page/release?order=reverse", "Release held events reversed")}
            {Button("/_emulator/page/advance?minutes=31", "Move the clock 31 minutes ahead")}
            {Button("/_emulator/page/reset", "Forget everything", danger: true)}
          </div>
        </section>
        """);

    private static Html Sessions(StoreTransaction state) => Table("Checkout Sessions", ["Session", "Total", "Status", "Made", ""],
        state.Newest<SessionRecord>(), session => Html.Of($"""
            <td><code title="{session.Id}">{Short(session.Id)}</code>{Html.When(session.ClientReferenceId is not null, () => Html.Of($" <small>{session.ClientReferenceId}</small>"))}</td>
            <td class="much">{Amounts.Show(session.Total, session.Currency)}</td><td>{State(session.Status)}</td><td>{Time(session.Created)}</td>
            <td>{Html.When(session.Status == Stripe.Payments.Sessions.Open, () => Html.Of($"""<a href="/c/pay/{session.Id}">Pay</a>"""))}</td>
            """));

    private static Html Payments(StoreTransaction state) => Table("Payments", ["Payment intent", "Amount", "Status", "Made", "Card", ""],
        state.Newest<IntentRecord>(), intent => Html.Of($"""
            <td><code>{intent.Id}</code></td><td class="much">{Amounts.Show(intent.Amount, intent.Currency)}</td><td>{State(intent.Status)}</td><td>{Time(intent.Created)}</td>
            <td>{Card(state, intent)}</td>
            <td>{Html.When(intent.Status == Stripe.Payments.IntentStatus.Succeeded && !state.Newest<DisputeRecord>().Any(dispute => dispute.IntentId == intent.Id), () => Button($"/_emulator/page/dispute?id={intent.Id}", "Charge it back"))}</td>
            """));

    private static string Card(StoreTransaction state, IntentRecord intent) =>
        state.Find<MethodRecord>(intent.MethodId ?? intent.LastError?.MethodId) is { } method
            ? $"…{method.TestNumber[^4..]}{(intent.LastError is null ? "" : $": {intent.LastError.DeclineCode ?? intent.LastError.Code}")}"
            : "";

    private static Html Refunds(StoreTransaction state) => Table("Refunds", ["Refund", "Amount", "Status", "Made", "Of", ""],
        state.Newest<RefundRecord>(), refund => Html.Of($"""
            <td><code>{refund.Id}</code></td><td class="much">{Amounts.Show(refund.Amount, refund.Currency)}</td><td>{State(refund.Status)}</td><td>{Time(refund.Created)}</td><td><code>{refund.IntentId}</code></td>
            <td>{Html.When(refund.Status != Stripe.Payments.Refunds.Failed, () => Button($"/_emulator/page/refund-failure?id={refund.Id}", "The bank sends it back"))}</td>
            """));

    private static Html Disputes(StoreTransaction state) => Table("Disputes", ["Dispute", "Amount", "Status", "Opened", ""],
        state.Newest<DisputeRecord>(), dispute => Html.Of($"""
            <td><code>{dispute.Id}</code></td><td class="much">{Amounts.Show(dispute.Amount, dispute.Currency)}</td><td>{State(dispute.Status)}</td><td>{Time(dispute.Created)}</td>
            <td>{Html.When(!dispute.IsClosed, () => Html.Of($"""{Button($"/_emulator/page/decision?id={dispute.Id}&outcome=won", "The shop wins")}{Button($"/_emulator/page/decision?id={dispute.Id}&outcome=lost", "The shop loses")}"""))}</td>
            """));

    private static Html Events(StoreTransaction state) => Table("Events and their deliveries", ["Event", "Type", "Made", "Deliveries", ""],
        state.Newest<EventRecord>(), happened => Html.Of($"""
            <td><code>{happened.Id}</code></td><td>{happened.Type}</td><td>{Time(happened.Created)}</td>
            <td>{Html.Join(state.Deliveries(happened.Id).Select(delivery => Html.Of($"""<div>{State(delivery.State)} <small>{delivery.LastResult} {(delivery.Attempts > 1 ? $"({delivery.Attempts} attempts)" : "")}</small></div>""")))}</td>
            <td>{Button($"/_emulator/page/resend?id={happened.Id}", "Send again")}</td>
            """));

    private static Html Table<T>(string title, string[] columns, IEnumerable<T> rows, Func<T, Html> cells)
    {
        var all = rows.Take(MaxRows + 1).ToList();
        return Html.Of($"""
            <section aria-label="{title}">
              <h2>{title}</h2>
              {(all.Count == 0 ? Html.Of($"""<p class="soft">None yet.</p>""") : Html.Of($"""
              <div class="scroll" tabindex="0" role="region" aria-label="{title}, table"><table>
                <thead><tr>{Html.Join(columns.Select(column => Html.Of($"""<th scope="col">{column}</th>""")))}</tr></thead>
                <tbody>{Html.Join(all.Take(MaxRows).Select(row => Html.Of($"<tr>{cells(row)}</tr>")))}</tbody>
              </table></div>
              """))}
              {Html.When(all.Count > MaxRows, () => Html.Of($"""<p class="soft">The newest {MaxRows} are shown; <a href="/_emulator/state">the whole state as JSON</a>.</p>"""))}
            </section>
            """);
    }

    private static Html Select(string name, string label, params (string Value, string Label)[] choices) => Html.Of($"""
        <label>{label}<select name="{name}">{Html.Join(choices.Select(choice => Html.Of($"""<option value="{choice.Value}">{choice.Label}</option>""")))}</select></label>
        """);

    private static Html Number(string name, string label) => Html.Of($"""<label>{label}<input name="{name}" type="number" min="1" max="100000" value="1" required></label>""");

    private static Html Button(string action, string label, bool danger = false) => Html.Of($"""
        <form method="post" action="{action}"><button class="{(danger ? "danger" : "")}">{label}</button></form>
        """);

    private static Html State(string state) => Html.Of($"""<span class="state {state}">{state.Replace('_', ' ')}</span>""");

    private static string Short(string id) => id[..16] + "…" + id[^4..];

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
