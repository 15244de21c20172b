using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Tests.System.Otlp;

/// <summary>One span as it arrived, with the service that sent it. Ids are lower-case hex; <c>ParentId</c> is empty for a root.</summary>
public sealed record Span(
    string Service, string Scope, string Name, string TraceId, string Id, string ParentId, int Kind,
    IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<(string TraceId, string SpanId)> Links);

/// <summary>A real OTLP/gRPC receiver: every service of the stack under test exports to it as it would to the dashboard.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpCollector(WebApplication app) => _app = app;

    public ConcurrentQueue<Span> Spans => _app.Services.GetRequiredService<ConcurrentQueue<Span>>();

    /// <summary>Services that have sent log records.</summary>
    public IEnumerable<string> Logging => _app.Services.GetRequiredService<LogReceiver.Seen>().Services.Keys;

    /// <summary>Service and name of every metric that has arrived.</summary>
    public IEnumerable<(string Service, string Name)> Metrics => _app.Services.GetRequiredService<MetricReceiver.Seen>().Metrics.Keys;

    public string Endpoint => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public IReadOnlyList<Span> Trace(string traceId) => [.. Spans.Where(span => span.TraceId == traceId)];

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<ConcurrentQueue<Span>>().AddSingleton<LogReceiver.Seen>().AddSingleton<MetricReceiver.Seen>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(global::System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.MapGrpcService<TraceReceiver>();
        app.MapGrpcService<LogReceiver>();
        app.MapGrpcService<MetricReceiver>();
        await app.StartAsync();
        return new OtlpCollector(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string ServiceOf(Resource resource) => resource.Attributes.FirstOrDefault(a => a.Key == "service.name")?.Value.StringValue ?? "?";

    private sealed class TraceReceiver(ConcurrentQueue<Span> spans) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            foreach (var resource in request.ResourceSpans)
            {
                var service = ServiceOf(resource.Resource);
                foreach (var scope in resource.ScopeSpans)
                {
                    foreach (var span in scope.Spans)
                        spans.Enqueue(Read(service, scope.Scope?.Name ?? "", span));
                }
            }

            return Task.FromResult(new ExportTraceServiceResponse());
        }

        private static Span Read(string service, string scope, SpanData span) => new(
            service, scope, span.Name, Hex(span.TraceId), Hex(span.SpanId), Hex(span.ParentSpanId), span.Kind,
            span.Attributes.GroupBy(a => a.Key).ToDictionary(a => a.Key, a => a.Last().Value?.StringValue ?? ""),
            [.. span.Links.Select(link => (Hex(link.TraceId), Hex(link.SpanId)))]);

        private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
    }

    private sealed class LogReceiver(LogReceiver.Seen seen) : LogsService.LogsServiceBase
    {
        public override Task<ExportLogsServiceResponse> Export(ExportLogsServiceRequest request, ServerCallContext context)
        {
            foreach (var resource in request.ResourceLogs)
                seen.Services.TryAdd(ServiceOf(resource.Resource), true);

            return Task.FromResult(new ExportLogsServiceResponse());
        }

        public sealed class Seen
        {
            public ConcurrentDictionary<string, bool> Services { get; } = new();
        }
    }

    private sealed class MetricReceiver(MetricReceiver.Seen seen) : MetricsService.MetricsServiceBase
    {
        public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context)
        {
            foreach (var resource in request.ResourceMetrics)
            {
                foreach (var metric in resource.ScopeMetrics.SelectMany(scope => scope.Metrics))
                    seen.Metrics.TryAdd((ServiceOf(resource.Resource), metric.Name), true);
            }

            return Task.FromResult(new ExportMetricsServiceResponse());
        }

        public sealed class Seen
        {
            public ConcurrentDictionary<(string Service, string Name), bool> Metrics { get; } = new();
        }
    }
}
