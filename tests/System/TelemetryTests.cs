using System.Diagnostics;

namespace Tests.System;

/// <summary>Not only traces: what every service of the running stack sends to the collector.</summary>
public sealed class TelemetryTests(Stack stack, Browser browser) : IClassFixture<Browser>
{
    /// <summary>Metrics leave once a minute.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Every_service_sends_traces_metrics_and_logs()
    {
        // A worker has something to tell only when there is a job: the receipt of a purchase.
        var shopper = new Shopper(stack.Shop, await browser.NewPageAsync());
        await shopper.PutSomethingIntoTheBasketAsync();
        await shopper.PlaceTheOrderAsync();
        await shopper.PayAsync(Shopper.GoodCard);
        await shopper.SeeThePaidOrderAsync();

        string[] services = ["api", "frontend", "proxy", "worker"];
        foreach (var service in services)
            await UntilAsync(() => stack.Collector.Spans.Any(span => span.Service == service), $"{service} sends traces");
        foreach (var service in services)
            await UntilAsync(() => stack.Collector.Metrics.Any(metric => metric.Service == service), $"{service} sends metrics");
        // The storefront logs only what goes wrong.
        foreach (var service in services.Except(["frontend"]))
            await UntilAsync(() => stack.Collector.Logging.Contains(service), $"{service} sends logs");
        await UntilAsync(() => stack.Collector.Metrics.Contains(("frontend", "http.client.request.duration")), "the storefront measures its calls");
        await UntilAsync(() => stack.Collector.Metrics.Contains(("proxy", "http.server.request.duration")), "the edge measures its answers");
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Delay(250))
            Assert.True(clock.Elapsed < Patience, $"Not within {Patience}: {what}.");
    }
}
