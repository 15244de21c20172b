using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServiceDefaults;

namespace Tests.ServiceDefaultsTests;

/// <summary>A service with the shared defaults, and a receiver of OTLP over HTTP that keeps what arrives.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ActivitySource Commerce = new("Commerce");

    /// <summary>What was posted to <c>/v1/traces</c>, <c>/v1/metrics</c>, <c>/v1/logs</c>, as text: names stand in protobuf as they are.</summary>
    private readonly ConcurrentDictionary<string, string> _received = new();
    private WebApplication _receiver = null!;
    private WebApplication _service = null!;

    public async ValueTask InitializeAsync()
    {
        var receiver = WebApplication.CreateSlimBuilder();
        receiver.WebHost.UseUrls("http://127.0.0.1:0");
        receiver.Logging.ClearProviders();
        _receiver = receiver.Build();
        _receiver.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var text = Encoding.Latin1.GetString(body.ToArray());
            _received.AddOrUpdate(context.Request.Path, text, (_, before) => before + text);
        });
        await _receiver.StartAsync();

        var service = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        service.WebHost.UseUrls("http://127.0.0.1:0");
        service.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _receiver.Urls.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
            ["Logging:Console:LogLevel:Default"] = "None",
            ["services:greeter:http:0"] = "filled in below",
        });
        service.AddServiceDefaults();
        service.Services.AddHealthChecks().AddCheck("database", () =>
        {
            using var query = Commerce.StartActivity("query of a probe");
            return HealthCheckResult.Healthy();
        });
        _service = service.Build();
        _service.MapDefaultEndpoints();
        var busy = 0;
        _service.MapGet("/greeting", () => Interlocked.Increment(ref busy) == 1 ? Results.StatusCode(503) : Results.Text("hello"));
        _service.MapGet("/visit", async (IHttpClientFactory clients, ILogger<TelemetryTests> logger) =>
        {
            logger.LogWarning("Somebody came to visit");
            using var query = Commerce.StartActivity("query of a visit");
            return await clients.CreateClient().GetStringAsync(new Uri("http://greeter/greeting"));
        });
        await _service.StartAsync();
        _service.Configuration["services:greeter:http:0"] = _service.Urls.First();
    }

    [Fact]
    public async Task Traces_metrics_and_logs_leave_by_OTLP_with_the_retries_of_Polly_but_without_health_probes()
    {
        using var client = new HttpClient { BaseAddress = new Uri(_service.Urls.First()) };
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
        // The name is resolved by service discovery, and the 503 of the first try is repeated.
        Assert.Equal("hello", await client.GetStringAsync("/visit"));

        await ArrivesAsync("/v1/traces", "GET /visit");
        await ArrivesAsync("/v1/traces", "GET /greeting");
        await ArrivesAsync("/v1/traces", "query of a visit");
        await ArrivesAsync("/v1/logs", "Somebody came to visit");
        await ArrivesAsync("/v1/metrics", "http.server.request.duration");
        await ArrivesAsync("/v1/metrics", "http.client.request.duration");
        await ArrivesAsync("/v1/metrics", "resilience.polly.strategy.events");
        Assert.DoesNotContain("GET /health", _received["/v1/traces"], StringComparison.Ordinal);
        Assert.DoesNotContain("query of a probe", _received["/v1/traces"], StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private async Task ArrivesAsync(string path, string words)
    {
        for (var clock = Stopwatch.StartNew(); !_received.GetValueOrDefault(path, "").Contains(words, StringComparison.Ordinal); await Task.Delay(50))
            Assert.True(clock.Elapsed < Patience, $"'{words}' never arrived at {path}.");
    }
}
