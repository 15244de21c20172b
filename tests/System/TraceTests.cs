using System.Diagnostics;
using System.Web;
using Tests.System.Otlp;

namespace Tests.System;

/// <summary>From the click on "place order" to the receipt mail: one trace, without a gap.</summary>
public sealed class TraceTests(Stack stack, Browser browser) : IClassFixture<Browser>
{
    private const int Server = 2;
    private const int Client = 3;

    [Fact]
    public async Task A_purchase_is_one_trace_from_the_edge_to_the_mail()
    {
        var shopper = new Shopper(stack.Shop, await browser.NewPageAsync());
        await shopper.PutSomethingIntoTheBasketAsync();
        await shopper.PlaceTheOrderAsync();
        await shopper.PayAsync(Shopper.GoodCard);
        await shopper.SeeThePaidOrderAsync();
        var receipt = await Inbox.OnlyMailToAsync(stack, shopper.Email);

        var context = ActivityContext.Parse(receipt.Header("traceparent"), null);
        var traceId = context.TraceId.ToHexString();
        var trace = await CompleteTraceAsync(traceId);

        // Every hop is there...
        Assert.Equal(["api", "frontend", "proxy", "worker"], trace.Select(span => span.Service).Distinct().Order());
        var root = Assert.Single(trace, span => span.ParentId.Length == 0);
        Assert.Equal(("proxy", Server), (root.Service, root.Kind));
        Assert.Contains(trace, span => span.Service == "api" && span.Kind == Server && span.Name.Contains("/orders", StringComparison.Ordinal));
        Assert.Contains(trace, span => span.Service == "api" && span.Scope == "Npgsql");
        Assert.Contains(trace, span => span.Service == "frontend" && span.Scope == "next.js");
        Assert.Contains(trace, span => span.Service == "worker" && span.Name.Contains("send-receipt", StringComparison.Ordinal));

        // ... every parent is one of them, so that nothing hangs in the air ...
        var ids = trace.Select(span => span.Id).ToHashSet();
        Assert.All(trace.Where(span => span != root), span => Assert.True(ids.Contains(span.ParentId), $"{span.Service} {span.Name} has no parent in the trace"));

        // ... the mail names the very span that sent it ...
        var sending = Assert.Single(trace, span => span.Id == context.SpanId.ToHexString());
        Assert.Equal(("worker", Client), (sending.Service, sending.Kind));
        Assert.Equal(["worker", "api", "frontend", "proxy"], ServicesOnTheWayUp(trace, sending));

        // ... and the webhook, which came in with a trace of its own, is linked.
        var linked = trace.SelectMany(span => span.Links).Select(link => link.TraceId).Where(id => id != traceId).Distinct();
        Assert.Contains(linked, id => stack.Collector.Trace(id).Any(span => span.Name.Contains("/webhooks/stripe", StringComparison.Ordinal)));

        // Nothing that was sent says what opens the order or who bought it.
        Assert.Contains(stack.Collector.Spans, span => span.Service == "frontend" && span.Name.Contains("/orders/[number]", StringComparison.Ordinal));
        var key = HttpUtility.ParseQueryString(new Uri(shopper.Page.Url).Query)["key"]!;
        foreach (var secret in (string[])[key, shopper.Email])
            Assert.DoesNotContain(stack.Collector.Spans, span => span.Attributes.Values.Any(value => value.Contains(secret, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>From a span to the root by parents: each service once, in the order it is met.</summary>
    private static List<string> ServicesOnTheWayUp(IReadOnlyList<Span> trace, Span from)
    {
        var spans = trace.ToDictionary(span => span.Id);
        var met = new List<string>();
        for (var span = from; span is not null; span = spans.GetValueOrDefault(span.ParentId))
        {
            if (met.LastOrDefault() != span.Service)
                met.Add(span.Service);
        }

        return met;
    }

    /// <summary>Exporters send in batches: waits until the sender's span has arrived and nothing came for two batches.</summary>
    private async Task<IReadOnlyList<Span>> CompleteTraceAsync(string traceId)
    {
        var limit = Stopwatch.StartNew();
        var (count, since) = (0, Stopwatch.StartNew());
        while (limit.Elapsed < TimeSpan.FromSeconds(60))
        {
            var trace = stack.Collector.Trace(traceId);
            if (trace.Count != count)
                (count, since) = (trace.Count, Stopwatch.StartNew());
            else if (count > 0 && since.Elapsed > TimeSpan.FromSeconds(12))
                return trace;
            await Task.Delay(250);
        }

        return stack.Collector.Trace(traceId);
    }
}
