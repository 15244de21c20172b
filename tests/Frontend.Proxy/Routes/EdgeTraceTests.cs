using System.Collections.Concurrent;
using System.Diagnostics;

namespace Tests.Routes;

public class EdgeTraceTests(Edge edge) : IClassFixture<Edge>
{
    private const string Stranger = "0af7651916cd43dd8448eb211c80319c";

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/products")]
    public async Task A_trace_begins_at_the_edge_and_goes_on_in_the_service(string path)
    {
        using var answer = await edge.Client.GetAsync(path);

        var told = ActivityContext.Parse(answer.Headers.GetValues("traceresponse").Single(), null);
        var passedOn = ActivityContext.Parse((path == "/" ? edge.Frontend : edge.Api).Last.Headers["traceparent"], null);
        Assert.Equal(told.TraceId, passedOn.TraceId);
        Assert.NotEqual(told.SpanId, passedOn.SpanId);
        Assert.Equal(ActivityTraceFlags.Recorded, passedOn.TraceFlags);
    }

    [Fact]
    public async Task A_stranger_does_not_choose_our_trace_but_is_linked()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = ListenTo(spans);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stranger");
        request.Headers.Add("traceparent", $"00-{Stranger}-b7ad6b7169203331-01");
        request.Headers.Add("tracestate", "theirs=1");
        using var answer = await edge.Client.SendAsync(request);

        Assert.DoesNotContain(Stranger, edge.Frontend.Last.Headers["traceparent"], StringComparison.Ordinal);
        Assert.False(edge.Frontend.Last.Headers.ContainsKey("tracestate"));
        var root = await RootOf(answer, spans);
        Assert.Null(root.ParentId);
        Assert.Equal(Stranger, Assert.Single(root.Links).Context.TraceId.ToHexString());
    }

    [Theory]
    [InlineData("GET", "/", 200, "GET /")]
    [InlineData("GET", "/products/tide-lines", 200, "GET /products/…")]
    [InlineData("POST", "/api/v1/orders", 201, "POST /api/v1/orders")]
    [InlineData("POST", "/api/v1/orders/OG-1/payment-session", 200, "POST /api/v1/orders/…")]
    [InlineData("POST", "/webhooks/stripe", 200, "POST /webhooks/stripe")]
    [InlineData("GET", "/wp-login.php", 404, "GET")]
    [InlineData("GET", "/api/v1/anything", 404, "GET /api/…")]
    public async Task A_span_is_named_after_the_kind_of_thing_asked_for(string method, string path, int status, string name)
    {
        edge.Api.Answer = edge.Frontend.Answer = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        var spans = new ConcurrentQueue<Activity>();
        using var listener = ListenTo(spans);
        using var answer = await edge.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(name, (await RootOf(answer, spans)).DisplayName);
    }

    private static ActivityListener ListenTo(ConcurrentQueue<Activity> spans)
    {
        var listener = new ActivityListener { ShouldListenTo = source => source.Name == "Microsoft.AspNetCore", ActivityStopped = spans.Enqueue };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    // The span ends a moment after the client has its answer.
    private static async Task<Activity> RootOf(HttpResponseMessage answer, ConcurrentQueue<Activity> spans)
    {
        var told = ActivityContext.Parse(answer.Headers.GetValues("traceresponse").Single(), null);
        var deadline = Stopwatch.StartNew();
        Activity? root;
        while ((root = spans.FirstOrDefault(span => span.SpanId == told.SpanId)) is null)
        {
            Assert.True(deadline.Elapsed < TimeSpan.FromSeconds(10), "The edge's span never ended.");
            await Task.Delay(10);
        }

        return root;
    }
}
