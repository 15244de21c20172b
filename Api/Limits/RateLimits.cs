using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Api.Staff;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Api.Limits;

/// <summary>
/// Every caller of <c>/api/v1</c> has a quota, and is told what is left of it (draft-ietf-httpapi-ratelimit-headers-10); beyond it: 429 and Retry-After.
/// Counters are per instance: they keep one caller from taking an instance for itself. What is behind them, sign-ins above all, counts on its own.
/// </summary>
public static class RateLimits
{
    public const string Exceeded = "request.too-many";

    private static readonly string[] PrivateNetworks = ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

    public static void AddRateLimits(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<StorefrontOptions>().Bind(builder.Configuration.GetSection("Storefront"));
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            // One hop: the edge, which stands beside us and removed whatever came from outside.
            (options.ForwardedHeaders, options.ForwardLimit) = (ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, 1);
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in PrivateNetworks) options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        });
        builder.Services.AddRateLimiter(options =>
        {
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, (Quota?, string)>(PartitionOf);
            options.OnRejected = (rejected, _) => new ValueTask(RejectAsync(rejected));
        });
    }

    /// <summary>The forwarded address and scheme; first of all, because everything else believes them.</summary>
    public static void UseCallerAddress(this WebApplication app) => app.UseForwardedHeaders();

    /// <summary>After authorization, which tells who calls.</summary>
    public static void UseRateLimits(this WebApplication app)
    {
        var limiter = app.Services.GetRequiredService<IOptions<RateLimiterOptions>>().Value.GlobalLimiter!;
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                Describe(context, limiter);
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseRateLimiter();
    }

    private static RateLimitPartition<(Quota?, string)> PartitionOf(HttpContext context) => QuotaOf(context) is var (quota, who)
        ? RateLimitPartition.GetTokenBucketLimiter(((Quota?)quota, who), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = quota.Requests,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = quota.PerRequest,
            QueueLimit = 0,
        })
        : RateLimitPartition.GetNoLimiter<(Quota?, string)>((null, ""));

    /// <summary>Null for what is not counted: health, webhooks, the storefront's own reading, and programs on this machine that ask for nobody.</summary>
    private static (Quota Quota, string Who)? QuotaOf(HttpContext context)
    {
        // Decided once: after a failure the endpoint is forgotten, and the answer still tells of the quota that was used.
        if (context.Features.Get<Caller>() is { } known) return known.Quota;
        var caller = new Caller(Decide(context));
        context.Features.Set(caller);
        return caller.Quota;
    }

    private static (Quota Quota, string Who)? Decide(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/api/v1")) return null;
        if (context.User.Identities.FirstOrDefault(i => i.AuthenticationType == ApiKeys.SchemeName)?.FindFirst(System.Security.Claims.ClaimTypes.NameIdentifier) is { } key)
            return (Quota.ApiKey, key.Value);
        var storefront = context.RequestServices.GetRequiredService<IOptions<StorefrontOptions>>().Value;
        var quota = context.GetEndpoint()?.Metadata.GetMetadata<Quota>() ?? Quota.Shopper;
        if (ShopperAddress.TryRead(context.Request.Headers, storefront.Key, DateTimeOffset.UtcNow, out var shopper)) return shopper is null ? null : (quota, shopper);
        var address = context.Connection.RemoteIpAddress;
        var wasForwarded = context.Request.Headers.ContainsKey("X-Original-For");
        return address is null || (IPAddress.IsLoopback(address) && !wasForwarded) ? null : (quota, NetworkOf(address));
    }

    /// <summary>One IPv6 subscriber has a /64 to call from.</summary>
    private static string NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.GetAddressBytes() is { Length: 16 } bytes ? Convert.ToHexString(bytes, 0, 8) : address.ToString();
    }

    private static void Describe(HttpContext context, PartitionedRateLimiter<HttpContext> limiter)
    {
        if (QuotaOf(context) is not var (quota, _)) return;
        var left = limiter.GetStatistics(context)?.CurrentAvailablePermits ?? quota.Requests;
        var full = Math.Ceiling((quota.Requests - left) * quota.PerRequest.TotalSeconds);
        context.Response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{quota.Name}\";q={quota.Requests};w={quota.Window.TotalSeconds}");
        context.Response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{quota.Name}\";r={left};t={full}");
    }

    private static Task RejectAsync(OnRejectedContext rejected)
    {
        var context = rejected.HttpContext;
        var wait = QuotaOf(context)?.Quota.PerRequest ?? TimeSpan.FromSeconds(1);
        context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Refusals.Problem(Exceeded, StatusCodes.Status429TooManyRequests, "Too many requests; wait as long as Retry-After says.", null).ExecuteAsync(context);
    }

    private sealed record Caller((Quota Quota, string Who)? Quota);
}
