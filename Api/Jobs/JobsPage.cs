using Api.Staff;
using Commerce;
using Commerce.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Api.Jobs;

/// <summary>
/// <c>/admin/jobs/page</c>: the queue for people, in one self-contained document without scripts, until the back office takes it in.
/// Its forms need no token: the session cookie is SameSite=Lax, and <see cref="CrossSite"/> refuses what a browser sends from elsewhere.
/// </summary>
public static class JobsPage
{
    private const int Rows = 25;
    private const string Unreasoned = "Nothing was done: say why in the field beside the button.";

    public static void Map(IEndpointRouteBuilder staff)
    {
        var page = staff.MapGroup("/jobs/page").ExcludeFromDescription();
        page.MapGet("", ShowAsync);
        page.MapPost("/replay", ReplayAsync).DisableAntiforgery();
        page.MapPost("/discard", DiscardAsync).DisableAntiforgery();
    }

    private static async Task<ContentHttpResult> ShowAsync(
        HttpContext context, ShopDb db, CancellationToken cancellation, string? cursor = null, string? kind = null, string? notice = null)
    {
        var health = await JobHealth.ReadAsync(db, cancellation);
        var dead = await db.ListJobsAsync(JobList.Dead, kind, null, Rows, cursor, cancellation);
        if (dead.IsRefused) dead = await db.ListJobsAsync(JobList.Dead, kind, null, Rows, null, cancellation);
        var view = new JobsPageView(
            health, await db.ListQueuesAsync(cancellation),
            (await db.ListJobsAsync(JobList.Running, null, null, Rows, null, cancellation)).Value,
            (await db.ListJobsAsync(JobList.Scheduled, null, null, Rows, null, cancellation)).Value,
            await db.ListRecurringAsync(cancellation), dead.Value, kind, notice, context.Request.Path);
        return PlainPage.Answer(context, "Jobs", JobsPageHtml.Of(view));
    }

    private static async Task<RedirectHttpResult> ReplayAsync(
        [FromForm] Guid? id, [FromForm] string? kind, [FromForm] string? why, HttpContext context, ShopDb db, RelaySignal relay, CancellationToken cancellation)
    {
        if (Reason(why) is not { } reason) return Back(context, Unreasoned);
        var outcome = await db.ReplayAsync(new DeadLetterChoice(id, kind), StaffCall.ActorOf(context.User), reason, cancellation);
        relay.Raise();
        return Back(context, outcome, "run again");
    }

    private static async Task<RedirectHttpResult> DiscardAsync(
        [FromForm] Guid? id, [FromForm] string? kind, [FromForm] string? why, HttpContext context, ShopDb db, CancellationToken cancellation) =>
        Reason(why) is { } reason ? Back(context, await db.DiscardAsync(new DeadLetterChoice(id, kind), StaffCall.ActorOf(context.User), reason, cancellation), "discarded")
            : Back(context, Unreasoned);

    private static string? Reason(string? why) => string.IsNullOrWhiteSpace(why) ? null : why.Trim();

    private static RedirectHttpResult Back(HttpContext context, Outcome<DeadLettersMoved> outcome, string verb) =>
        Back(context, outcome.Refusal is { } refusal ? $"Nothing was done: {refusal.Detail}" : $"{outcome.Value.Count} {verb}.");

    private static RedirectHttpResult Back(HttpContext context, string notice)
    {
        var page = context.Request.Path.Value![..context.Request.Path.Value!.LastIndexOf('/')];
        return TypedResults.LocalRedirect($"~{page}?notice={Uri.EscapeDataString(notice)}");
    }
}
