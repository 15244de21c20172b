using Frontend.Proxy.Routes;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Frontend.Proxy.Answers;

/// <summary>The answer in a destination's stead when it gave none, or need not be asked.</summary>
public static class Unavailable
{
    private static readonly EdgeProblem TooLarge = new(
        StatusCodes.Status413PayloadTooLarge, "edge.body-too-large", "That is too large", "The request's body is larger than the shop accepts at this address.");

    /// <summary>
    /// A body that says it is larger than its route takes is refused before it is read. Kestrel swallows what is sent meanwhile (for some seconds): a limit
    /// that it enforces itself would close the connection on the sender, and the answer might be lost.
    /// </summary>
    public static Task RefuseTooLarge(HttpContext context, Func<Task> next)
    {
        if (!(context.Request.ContentLength > context.GetReverseProxyFeature().Route.Config.MaxRequestBodySize)) return next();
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        return TooLarge.WriteAsync(context);
    }

    private static readonly TimeSpan TryAgainIn = TimeSpan.FromSeconds(5);

    /// <summary>YARP leaves a bare status behind when forwarding fails; this says what happened.</summary>
    public static async Task AnswerWhenForwardingFailed(HttpContext context, Func<Task> next)
    {
        await next();
        var error = context.GetForwarderErrorFeature()?.Error ?? ForwarderError.None;
        if (error is ForwarderError.None or ForwarderError.RequestCanceled or ForwarderError.ResponseBodyCanceled || context.Response.HasStarted)
            return;

        var service = context.GetReverseProxyFeature().Route.Config.ClusterId == EdgeRoutes.Api ? "the shop's API" : "the storefront";
        await Problem(error, context.Response.StatusCode, service).WriteAsync(context);
    }

    private static EdgeProblem Problem(ForwarderError error, int status, string service) => error switch
    {
        ForwarderError.RequestTimedOut or ForwarderError.RequestBodyDestination when status == StatusCodes.Status504GatewayTimeout => TooSlow(service),
        ForwarderError.RequestTimedOut => TooSlow(service),
        ForwarderError.RequestBodyClient when status == StatusCodes.Status413PayloadTooLarge => TooLarge,
        ForwarderError.RequestBodyClient => new(
            status, "edge.body-broken", "The request did not arrive whole",
            "The request's body broke off or was malformed. Please send it again."),
        ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient => new(
            StatusCodes.Status400BadRequest, "edge.upgrade-failed", "The connection could not be upgraded", "The websocket's handshake broke off."),
        _ => new(
            StatusCodes.Status503ServiceUnavailable, "edge.unavailable", "We will be right back",
            $"The door is open, but {service} behind it is not answering. Nothing you did is lost: baskets and orders are kept elsewhere.")
        { RetryAfter = TryAgainIn },
    };

    private static EdgeProblem TooSlow(string service) => new(
        StatusCodes.Status504GatewayTimeout, "edge.timeout", "This is taking too long",
        $"The door is open, but {service} behind it took too long to answer. If you were paying or ordering, look at your order before trying again.")
    { RetryAfter = TryAgainIn };
}
