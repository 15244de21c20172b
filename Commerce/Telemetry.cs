using System.Diagnostics;

namespace Commerce;

/// <summary>The activity source of the heart, named as the hosts register it.</summary>
public static class Telemetry
{
    public static readonly ActivitySource Source = new("Commerce");

    /// <summary>
    /// Starts an activity in the trace that <paramref name="traceParent"/> (W3C) belongs to, linked to the activity that is running now:
    /// an order's work joins the order's trace whoever triggers it.
    /// </summary>
    public static Activity? Resume(string name, string? traceParent)
    {
        if (!ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent))
            return Source.StartActivity(name);
        var here = Activity.Current?.Context;
        var links = here is { } context && context.TraceId != parent.TraceId ? new[] { new ActivityLink(context) } : null;
        return Source.StartActivity(name, ActivityKind.Internal, parent, links: links);
    }
}
