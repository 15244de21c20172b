using System.Diagnostics;
using Commerce.Outbox;
using Tests.Fixture;

namespace Tests.Worker.Jobs;

public sealed class TraceTests(PostgresFixture postgres, RedisFixture redis) : JobTest(postgres, redis)
{
    private static readonly ActivitySource Source = new("Test");

    [Fact]
    public async Task A_job_continues_the_trace_it_was_enqueued_in()
    {
        var node = await StartNodeAsync();
        string traceId, spanId;
        using (var cause = Source.StartActivity("place order")!)
        {
            (traceId, spanId) = (cause.TraceId.ToString(), cause.SpanId.ToString());
            await node.EnqueueAsync(JobNode.Job("a"));
        }
        await AllDoneAsync(1);
        await EventuallyAsync(() => node.Spans.Any(span => span.OperationName == JobNode.Kind), "the job's span ended");

        var start = Assert.Single(node.Script.Starts);
        Assert.Equal(traceId, start.TraceId);
        var job = node.Spans.Single(span => span.OperationName == JobNode.Kind);
        Assert.Equal(ActivityKind.Consumer, job.Kind);
        Assert.Equal(traceId, job.TraceId.ToString());
        Assert.Equal(spanId, job.ParentSpanId.ToString());
        Assert.Equal("process", job.GetTagItem("messaging.operation.type"));
        Assert.Equal("normal", job.GetTagItem("messaging.destination.name"));
        Assert.Equal(start.Id.ToString(), job.GetTagItem("messaging.message.id"));
        Assert.Equal("done", job.GetTagItem("job.outcome"));

        var relayed = node.Spans.Single(span => span.Kind == ActivityKind.Producer);
        Assert.Equal(traceId, relayed.TraceId.ToString());
        Assert.Equal(spanId, relayed.ParentSpanId.ToString());
    }

    [Fact]
    public async Task A_given_trace_context_wins_over_the_current_one()
    {
        const string OrdersContext = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var node = await StartNodeAsync();
        using (Source.StartActivity("webhook"))
            await node.EnqueueAsync(JobNode.Job("a") with { TraceParent = OrdersContext });
        await AllDoneAsync(1);
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", Assert.Single(node.Script.Starts).TraceId);
        Assert.Equal("b7ad6b7169203331", Assert.Single(node.Script.Starts).ParentSpanId);
    }

    [Fact]
    public async Task Polling_leaves_no_spans()
    {
        var node = await StartNodeAsync();
        await Task.Delay(3000);
        Assert.Empty(node.Spans);
    }

    [Fact]
    public async Task Claiming_and_settling_add_no_trace_of_their_own()
    {
        var node = await StartNodeAsync();
        using (Source.StartActivity("cause"))
            await node.EnqueueAsync(JobNode.Job("a"));
        await AllDoneAsync(1);
        await Task.Delay(500);
        Assert.Single(node.Spans.Select(span => span.TraceId).Distinct());
        Assert.Equal(JobState.Done, (await OnlyRowAsync()).State);
    }
}
