using Frontend.Proxy.Answers;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace Frontend.Proxy.Routes;

/// <summary>What comes in by which path and goes to which service. The edge's own paths (/media, /health, /alive) are more specific and win.</summary>
public static class EdgeRoutes
{
    /// <summary>The REST API and the webhooks behind it.</summary>
    public const string Api = "api";

    /// <summary>The Next.js storefront: every page, and everything nobody else claims.</summary>
    public const string Frontend = "frontend";

    /// <summary>What the Api itself takes of a shopper.</summary>
    private const long ApiBodyLimitBytes = 256 * 1024;

    /// <summary>Pictures and product files of staff; the Api reads a body only after it knows who sends it.</summary>
    private const long StaffBodyLimitBytes = 201 * 1024 * 1024;
    private const long WebhookBodyLimitBytes = 1024 * 1024;
    private const long PageBodyLimitBytes = 2 * 1024 * 1024;

    /// <summary>How long a destination may say nothing. Streams and websockets stay open as long as something moves.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long a destination may think before it says whether it wants a large body.</summary>
    private static readonly TimeSpan ConsentLimit = TimeSpan.FromSeconds(10);

    /// <summary>Adds YARP with the edge's routes.</summary>
    /// <exception cref="InvalidOperationException">A destination is missing or no URL (see <see cref="Destinations"/>).</exception>
    public static void AddEdgeRoutes(this IHostApplicationBuilder builder)
    {
        var silence = builder.Configuration.GetValue<TimeSpan?>("Edge:SilenceLimit") ?? SilenceLimit;

        builder.Services.AddReverseProxy()
            .LoadFromMemory(
                [
                    Route("api", "/api/{**path}", Api, ApiBodyLimitBytes),
                    Route("staff", "/api/v1/admin/{**path}", Api, StaffBodyLimitBytes),
                    Route("webhooks", "/webhooks/{**path}", Api, WebhookBodyLimitBytes),
                    Route("pages", "/{**path}", Frontend, PageBodyLimitBytes),
                ],
                [
                    Cluster(Api, builder.Configuration, silence),
                    Cluster(Frontend, builder.Configuration, silence),
                ])
            .ConfigureHttpClient((_, handler) => (handler.ConnectTimeout, handler.Expect100ContinueTimeout) = (ConnectLimit, ConsentLimit))
            .AddTransforms(context =>
            {
                context.RequestTransforms.Add(new AskingBeforeMuchIsSent());
                context.ResponseTransforms.Add(new WithoutServerNames());
                if (context.Route.ClusterId == Frontend) context.ResponseTransforms.Add(new UndrawnPages());
            });
    }

    /// <summary>Maps the routes; an answer a destination failed to give is written by <see cref="Unavailable"/>.</summary>
    public static void MapEdgeRoutes(this IEndpointRouteBuilder app) =>
        app.MapReverseProxy(pipeline =>
        {
            pipeline.Use(Unavailable.RefuseTooLarge);
            pipeline.Use(Unavailable.AnswerWhenForwardingFailed);
            pipeline.UseLoadBalancing();
        });

    // Next's server actions compare Origin with the host they were called by, and redirects are built from it:
    // destinations see the public Host, and YARP sets X-Forwarded-For, -Host and -Proto from the connection itself.
    private static RouteConfig Route(string id, string path, string cluster, long bodyLimitBytes) =>
        new RouteConfig
        {
            RouteId = id,
            ClusterId = cluster,
            Match = new RouteMatch { Path = path },
            MaxRequestBodySize = bodyLimitBytes,
        }.WithTransformUseOriginalHostHeader();

    private static ClusterConfig Cluster(string id, IConfiguration configuration, TimeSpan silence) => new()
    {
        ClusterId = id,
        Destinations = Destinations.Of(id, configuration),
        // Headers pass as they are: requests' in UTF-8, as Kestrel has read them, answers' byte by byte (EdgeLimits writes them so). Unsaid, a Location would be UTF-8 here.
        HttpClient = new HttpClientConfig { RequestHeaderEncoding = "utf-8", ResponseHeaderEncoding = "iso-8859-1" },
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = silence },
    };

    /// <summary>
    /// A destination that refuses a body closes the connection on who is still sending it, and its answer is lost. Asked first
    /// (Expect: 100-continue), it says 413, 401 or 429 before anything is sent.
    /// </summary>
    private sealed class AskingBeforeMuchIsSent : RequestTransform
    {
        public override ValueTask ApplyAsync(RequestTransformContext context)
        {
            var length = context.HttpContext.Request.ContentLength ?? long.MaxValue; // unknown: as much as the route allows
            if (context.ProxyRequest.Content is not null && length > ApiBodyLimitBytes) context.ProxyRequest.Headers.ExpectContinue = true;
            return ValueTask.CompletedTask;
        }
    }

    private sealed class WithoutServerNames : ResponseTransform
    {
        public override ValueTask ApplyAsync(ResponseTransformContext context)
        {
            context.HttpContext.Response.Headers.Remove("X-Powered-By");
            context.HttpContext.Response.Headers.Server = default;
            return ValueTask.CompletedTask;
        }
    }
}
