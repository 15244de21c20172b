using Commerce.Audit;
using Commerce.Outbox;
using Commerce.Webhooks;
using Microsoft.EntityFrameworkCore;
using Tests.Fixture;
using Tests.Worker.Mail;

namespace Tests.Worker.Webhooks;

/// <summary>Who is not called, or not twice.</summary>
public sealed class SwitchedOffTests(PostgresFixture postgres, RedisFixture redis, MailServer mail) : WebhookTest(postgres, redis, mail), IClassFixture<MailServer>
{
    [Theory]
    [InlineData(410, 1)]
    [InlineData(500, 3)]
    public async Task An_endpoint_that_is_gone_or_keeps_failing_is_switched_off_with_a_notice_and_wakes_nobody(int status, int attempts)
    {
        await Mail.ResetAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(status);
        var endpoint = await AddEndpointAsync(receiver.Url, WebhookEventTypes.OrderPlaced);
        await StartSenderAsync(("Webhooks:DisableAfter", "00:00:00"), ("Webhooks:DisableAfterAttempts", "3"));
        await PlaceAsync();
        await EventuallyAsync(async () => (await Mail.MailsAsync()).Count == 1, "staff are told");
        Assert.Equal(attempts, receiver.Calls.Count);
        Assert.False((await EndpointAsync()).IsEnabled);
        Assert.Equal("staff@oddgrain.example", (await Mail.MailsAsync())[0].GetProperty("to")[0].GetString());
        await using (var db = Open())
            Assert.Equal($"webhook-endpoint:{endpoint.Id}", (await db.Set<AuditEntry>().SingleAsync(e => e.Action == "webhooks.endpoint-disabled")).Subject);
        await EventuallyAsync(async () => (await RowsAsync()).All(row => row.State == JobState.Done || row.RunAfter > DateTimeOffset.UtcNow), "nothing is left to do");
        Assert.DoesNotContain(await RowsAsync(), row => row.State == JobState.Dead);
    }

    [Fact]
    public async Task A_last_attempt_that_switches_the_endpoint_off_holds_its_event_and_does_not_give_it_up()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(500);
        await AddEndpointAsync(receiver.Url, WebhookEventTypes.OrderPlaced);
        await StartSenderAsync(("Webhooks:FirstDelay", "01:00:00"), ("Webhooks:DisableAfter", "00:00:00"), ("Webhooks:DisableAfterAttempts", "2"));
        await PlaceAsync();
        await EventuallyAsync(async () => (await DeliveriesAsync()).Any(d => d.Attempts.Count == 1), "the first call has failed");
        await MakeLastTryDueAsync();
        await EventuallyAsync(async () => !(await EndpointAsync()).IsEnabled, "the endpoint is switched off");
        Assert.Equal((2, WebhookDeliveryState.Held), (receiver.Calls.Count, (await DeliveriesAsync()).Single().State));
    }

    [Fact]
    public async Task Of_many_calls_that_fail_at_once_each_counts_and_one_switches_off_with_one_notice_and_what_waits_is_held()
    {
        const int Events = 20;
        var calls = JobKinds.All[JobKinds.DeliverWebhook].MostPerKey!.Value;
        await Mail.ResetAsync();
        await using var receiver = await Receiver.StartAsync();
        var all = new TaskCompletionSource();
        receiver.Answer = async (number, context) =>
        {
            if (number == calls) all.SetResult();
            await all.Task;
            context.Response.StatusCode = 410;
        };
        await AddEndpointAsync(receiver.Url, WebhookEventTypes.OrderPlaced);
        for (var i = 1; i <= Events; i++) await PlaceAsync(i);
        await StartSenderAsync(("Webhooks:AnswerWithin", "00:00:45"));
        await AllDoneAsync(2 * Events + 2);
        Assert.Equal(calls, receiver.Calls.Count);
        Assert.Equal((false, calls), await EndpointAsync() is var endpoint ? (endpoint.IsEnabled, endpoint.FailedAttempts) : default);
        Assert.All(await DeliveriesAsync(), delivery => Assert.Equal(WebhookDeliveryState.Held, delivery.State));
        Assert.Single(await Mail.MailsAsync());
        await using var db = Open();
        Assert.Single(await db.Set<AuditEntry>().Where(e => e.Action == "webhooks.endpoint-disabled").ToListAsync());
    }

    [Fact]
    public async Task What_happens_while_an_endpoint_is_off_is_held_and_sent_once_staff_switch_it_on()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(500);
        await AddEndpointAsync(receiver.Url, WebhookEventTypes.OrderPlaced);
        var node = await StartSenderAsync(("Webhooks:FirstDelay", "01:00:00"));
        await PlaceAsync(1);
        await EventuallyAsync(async () => (await DeliveriesAsync()).Any(d => d.Attempts.Count == 1), "the first call has failed");
        await SwitchAsync(node, isOn: false);
        await PlaceAsync(2);
        await ExecuteAsync($"UPDATE outbox SET run_after = now() WHERE state = 'pending'");
        await AllDoneAsync(3);
        Assert.Equal([WebhookDeliveryState.Held, WebhookDeliveryState.Held], (await DeliveriesAsync()).Select(d => d.State));
        Assert.Single(receiver.Calls);

        receiver.Answer = (_, _) => Task.CompletedTask;
        await SwitchAsync(node, isOn: true);
        await EventuallyAsync(async () => (await DeliveriesAsync()).All(d => d.State == WebhookDeliveryState.Delivered), "both are delivered");
        Assert.Equal(3, receiver.Calls.Count);
        Assert.Equal(2, receiver.Calls.Select(call => call.Id).Distinct().Count());
    }

    [Fact]
    public async Task Sending_again_what_is_on_its_way_hastens_it_and_what_was_delivered_is_sent_once_more_however_often_it_is_asked_for_at_once()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (number, context) =>
        {
            context.Response.StatusCode = number == 1 ? 500 : 200;
            return Task.CompletedTask;
        };
        await AddEndpointAsync(receiver.Url, WebhookEventTypes.OrderPlaced);
        var node = await StartSenderAsync(("Webhooks:FirstDelay", "01:00:00"));
        await PlaceAsync();
        await EventuallyAsync(async () => (await RowsAsync()).Any(r => r is { Kind: JobKinds.DeliverWebhook, State: JobState.Pending, Failures: 1 }), "it waits for its next attempt");
        var id = (await DeliveriesAsync()).Single().Id;
        await RedeliverAsync(node, id);
        await AllDoneAsync(2);
        Assert.Equal((2, WebhookDeliveryState.Delivered), (receiver.Calls.Count, (await DeliveriesAsync()).Single().State));

        await node.StopAsync();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => RedeliverAsync(node, id)));
        Assert.Equal(3, (await RowsAsync()).Count);
        await StartSenderAsync();
        await AllDoneAsync(3);
        Assert.Equal((3, WebhookDeliveryState.Delivered), (receiver.Calls.Count, (await DeliveriesAsync()).Single().State));
    }

    [Fact]
    public async Task A_job_that_is_no_longer_the_deliverys_calls_nobody()
    {
        await using var receiver = await Receiver.StartAsync();
        await AddEndpointAsync(receiver.Url, WebhookEventTypes.OrderPlaced);
        await StartSenderAsync();
        await PlaceAsync();
        await AllDoneAsync(2);
        await ExecuteAsync($"UPDATE outbox SET state = 'pending', settled_at = NULL, run_after = now() WHERE kind = {JobKinds.DeliverWebhook}");
        await AllDoneAsync(2);
        Assert.Single(receiver.Calls);
    }
}
