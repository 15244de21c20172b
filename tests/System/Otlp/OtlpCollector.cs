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

    private OtlpCollector(WebApplication app, ConcurrentQueue<Span> spans)
    {
        _app = app;
        Spans = spans;
    }

    public ConcurrentQueue<Span> Spans { get; }

    public string Endpoint => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public IReadOnlyList<Span> Trace(string traceId) => [.. Spans.Where(span => span.TraceId == traceId)];

    public static async Task<OtlpCollector> StartAsync()
    {
        var spans = new ConcurrentQueue<Span>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(spans);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(global::System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.MapGrpcService<TraceReceiver>();
        await app.StartAsync();
        return new OtlpCollector(app, spans);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class TraceReceiver(ConcurrentQueue<Span> spans) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            foreach (var resource in request.ResourceSpans)
            {
                var service = resource.Resource.Attributes.FirstOrDefault(a => a.Key == "service.name")?.Value.StringValue ?? "?";
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
}
