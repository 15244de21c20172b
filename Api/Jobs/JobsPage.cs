using System.Security.Cryptography;
using Api.Accounts;
using Api.Staff;
using Commerce;
using Commerce.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Api.Jobs;

/// <summary>
/// <c>/admin/jobs/page</c>: the queue for people, in one self-contained document without scripts, until the back office takes it in.
/// Its forms only work from the page itself: the session cookie is SameSite=Lax, and a browser that says where the request comes from must say here.
/// </summary>
public static class JobsPage
{
    private const int Rows = 25;

    public static void Map(IEndpointRouteBuilder staff)
    {
        var page = staff.MapGroup("/jobs/page").ExcludeFromDescription();
        page.MapGet("", ShowAsync);
        page.MapPost("/replay", ReplayAsync).DisableAntiforgery().AddEndpointFilter(SameOriginAsync);
        page.MapPost("/discard", DiscardAsync).DisableAntiforgery().AddEndpointFilter(SameOriginAsync);
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
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        context.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Content(JobsPageHtml.Of(view, nonce), "text/html; charset=utf-8");
    }

    private static async Task<Results<RedirectHttpResult, ProblemHttpResult>> ReplayAsync(
        [FromForm] DeadLetterForm form, HttpContext context, ShopDb db, RelaySignal relay, CancellationToken cancellation)
    {
        var outcome = await db.ReplayAsync(form.Choice, context.User.Actor()!, form.Why, cancellation);
        relay.Raise();
        return Back(context, outcome, "run again");
    }

    private static async Task<Results<RedirectHttpResult, ProblemHttpResult>> DiscardAsync(
        [FromForm] DeadLetterForm form, HttpContext context, ShopDb db, CancellationToken cancellation)
    {
        var call = new StaffCall(context.User.Actor()!, string.IsNullOrWhiteSpace(form.Why) ? null : form.Why.Trim());
        return call.ReasonMissing() is { } refusal ? refusal.Problem() : Back(context, await db.DiscardAsync(form.Choice, call.Actor, call.Reason!, cancellation), "discarded");
    }

    private static Results<RedirectHttpResult, ProblemHttpResult> Back(HttpContext context, Outcome<DeadLettersMoved> outcome, string verb)
    {
        if (outcome.Refusal is { } refusal) return refusal.Problem();
        var page = context.Request.Path.Value![..context.Request.Path.Value!.LastIndexOf('/')];
        return TypedResults.LocalRedirect($"~{page}?notice={Uri.EscapeDataString($"{outcome.Value.Count} {verb}.")}");
    }

    /// <summary>Fetch metadata where the browser sends it (all current ones), else the origin.</summary>
    private static ValueTask<object?> SameOriginAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var request = invocation.HttpContext.Request;
        var isOurs = request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
            ? site == "same-origin"
            : Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin) && origin.Authority == request.Host.Value;
        return isOurs ? next(invocation) : ValueTask.FromResult<object?>(
            new Refusal(JobRefusals.ForeignForm, "This form was sent from somewhere else.").Problem());
    }
}

/// <summary>The fields of the page's forms.</summary>
public sealed record DeadLetterForm(Guid? Id, string? Kind, bool? All, string? Why)
{
    internal DeadLetterChoice Choice => new(Id, string.IsNullOrEmpty(Kind) ? null : Kind, null, All ?? false);
}
