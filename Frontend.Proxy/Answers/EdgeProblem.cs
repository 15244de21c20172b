using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Frontend.Proxy.Answers;

/// <summary>What the edge itself has to refuse or regret: problem+json for programs (RFC 9457), a page for people.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">A stable code for programs, such as <c>edge.unavailable</c>.</param>
/// <param name="Title">One short sentence.</param>
/// <param name="Detail">What is wrong and what to do.</param>
public sealed record EdgeProblem(int Status, string Code, string Title, string Detail)
{
    /// <summary>When to try again, where trying again can help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further members of the problem document.</summary>
    public IReadOnlyDictionary<string, object?> More { get; init; } = new Dictionary<string, object?>();

    /// <summary>Writes the problem in the form the caller reads. Nothing may have been written yet.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.Clear();
        context.Response.StatusCode = Status;
        context.Response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);

        var traceId = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
        return WantsPage(context.Request) ? ProblemPage.WriteAsync(context, this, traceId) : WriteJsonAsync(context, traceId);
    }

    private Task WriteJsonAsync(HttpContext context, string traceId)
    {
        var problem = new ProblemDetails { Status = Status, Title = Title, Detail = Detail, Type = $"urn:problem:{Code}", Instance = context.Request.Path };
        problem.Extensions["code"] = Code;
        problem.Extensions["traceId"] = traceId;
        foreach (var (name, value) in More)
            problem.Extensions[name] = value;
        return context.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json", context.RequestAborted);
    }

    private static bool WantsPage(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api") && !request.Path.StartsWithSegments("/webhooks") && !request.Path.StartsWithSegments("/media")
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
