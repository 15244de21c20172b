using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Instrumentation.AspNetCore;

namespace Frontend.Proxy.Routes;

/// <summary>
/// A trace begins here. A traceparent from outside would let strangers choose our trace ids and force sampling, so it is
/// only kept as a link (W3C Trace Context, "restart the trace"), in every environment alike. Whoever wants to find
/// the trace of an answer reads its <c>traceresponse</c> header (W3C Trace Context Level 2: version-traceid-spanid-flags).
/// </summary>
public static class EdgeTrace
{
    /// <summary>The edge's own spans: pictures being resized. Named like the application, so that ServiceDefaults listens.</summary>
    internal static readonly ActivitySource Spans = new("Frontend.Proxy");

    /// <summary>Makes every request the root of a trace and names its span after method and path.</summary>
    public static void AddEdgeTrace(this IHostApplicationBuilder builder)
    {
        // With a composite propagator OpenTelemetry's instrumentation would read the outside's headers a second time.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        builder.Services.AddSingleton<DistributedContextPropagator>(new NothingFromOutside(DistributedContextPropagator.Current));
        builder.Services.Configure<AspNetCoreTraceInstrumentationOptions>(options =>
            options.EnrichWithHttpResponse = (span, response) => span.DisplayName = SpanName(response.HttpContext.Request, response.StatusCode));
    }

    /// <summary>Links the outside's trace, if any, and tells the answer's own. Stands before <see cref="OutsideHeaders"/>.</summary>
    public static void UseEdgeTrace(this IApplicationBuilder app) =>
        app.Use((context, next) =>
        {
            if (Activity.Current is { } span)
            {
                if (ActivityContext.TryParse(context.Request.Headers.TraceParent, context.Request.Headers.TraceState, isRemote: true, out var outside))
                    span.AddLink(new ActivityLink(outside));
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers["traceresponse"] = span.Id;
                    return Task.CompletedTask;
                });
            }

            return next(context);
        });

    /// <summary>
    /// <c>GET /products/…</c>, <c>POST /api/v1/orders</c>: as much of the path as names a kind of thing and no single one.
    /// Paths of refused requests are anybody's invention, so those spans are named after the method alone.
    /// </summary>
    internal static string SpanName(HttpRequest request, int status)
    {
        var path = request.Path.Value ?? "/";
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (status is >= 400 and < 500)
            return segments.FirstOrDefault() is "api" or "media" or "webhooks" ? $"{request.Method} /{segments[0]}/…" : request.Method;

        var kept = segments.FirstOrDefault() switch { "api" => 3, "webhooks" => 2, _ => 1 };
        return segments.Length <= kept
            ? $"{request.Method} /{string.Join('/', segments)}"
            : $"{request.Method} /{string.Join('/', segments.Take(kept))}/…";
    }

    private sealed class NothingFromOutside(DistributedContextPropagator inner) : DistributedContextPropagator
    {
        public override IReadOnlyCollection<string> Fields => inner.Fields;

        public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => inner.Inject(activity, carrier, setter);

        public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
            (traceId, traceState) = (null, null);

        public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
    }
}
