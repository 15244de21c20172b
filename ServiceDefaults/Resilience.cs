using Microsoft.Extensions.DependencyInjection;
using Polly;

namespace ServiceDefaults;

/// <summary>Time-outs, retries and a circuit breaker on every outgoing HTTP call of the client factory.</summary>
internal static class Resilience
{
    private static readonly HashSet<HttpMethod> SafeMethods = [HttpMethod.Get, HttpMethod.Head, HttpMethod.Options, HttpMethod.Trace];

    public static void AddResilience(this IHttpClientBuilder client) =>
        client.AddStandardResilienceHandler(options =>
        {
            var isTransient = options.Retry.ShouldHandle;
            options.Retry.ShouldHandle = async attempt =>
                MayBeRepeated(attempt.Context.GetRequestMessage()) && await isTransient(attempt);
        });

    /// <summary>A lost answer does not say whether the call took effect: only calls that cannot act twice are sent again
    /// (RFC 9110 safe methods, or a request that carries an Idempotency-Key).</summary>
    internal static bool MayBeRepeated(HttpRequestMessage? request) =>
        request is not null && (SafeMethods.Contains(request.Method) || request.Headers.Contains("Idempotency-Key"));
}
