using System.Diagnostics;
using Commerce.Outbox;
using Commerce.Webhooks;
using Microsoft.AspNetCore.Http;
using Tests.Fixture;
using Tests.Worker.Mail;

namespace Tests.Worker.Webhooks;

/// <summary>Receivers that take a call and do not end it.</summary>
public sealed class HangingTests(PostgresFixture postgres, RedisFixture redis, MailServer mail) : WebhookTest(postgres, redis, mail), IClassFixture<MailServer>
{
    [Fact]
    public async Task A_receiver_that_hangs_is_given_up_on_in_time_and_others_are_served()
    {
        await using var hanging = await Receiver.StartAsync();
        await using var healthy = await Receiver.StartAsync();
        hanging.Answer = (_, context) => Task.Delay(TimeSpan.FromMinutes(5), context.RequestAborted);
        await AddEndpointAsync(hanging.Url, WebhookEventTypes.OrderPlaced);
        await AddEndpointAsync(healthy.Url, WebhookEventTypes.OrderPlaced);
        await StartSenderAsync(("Webhooks:AnswerWithin", "00:00:01"), ("Webhooks:FirstDelay", "01:00:00"));
        await PlaceAsync();
        await EventuallyAsync(() => healthy.Calls.Count == 1, "the healthy one is told");
        await EventuallyAsync(async () => (await DeliveriesAsync()).Any(d => d.Attempts.Any(a => a.Status is null)), "the hanging one is noted");
        Assert.Equal("No answer in time.", (await DeliveriesAsync()).SelectMany(d => d.Attempts).Single(a => a.Status is null).Response);
    }

    [Fact]
    public async Task A_receiver_that_hangs_with_a_hundred_deliveries_holds_up_nobody_elses_and_loses_no_try_by_waiting()
    {
        const int Events = 100;
        var calls = JobKinds.All[JobKinds.DeliverWebhook].MostPerKey!.Value;
        await using var hanging = await Receiver.StartAsync();
        await using var healthy = await Receiver.StartAsync();
        var release = new TaskCompletionSource();
        hanging.Answer = (_, context) => release.Task.WaitAsync(context.RequestAborted);
        var slow = await AddEndpointAsync(hanging.Url, WebhookEventTypes.OrderPlaced);
        for (var i = 1; i <= Events; i++) await PlaceAsync(i);
        await StartSenderAsync(("Webhooks:AnswerWithin", "00:00:50"));
        await StartSenderAsync(("Webhooks:AnswerWithin", "00:00:50"));
        await EventuallyAsync(() => hanging.Calls.Count == calls, "the hanging one has its calls");
        await EventuallyAsync(async () => (await DeliveriesAsync()).Count == Events, "all the others wait");
        await AddEndpointAsync(healthy.Url, WebhookEventTypes.OrderPlaced);
        var clock = Stopwatch.StartNew();
        for (var i = 1; i <= 10; i++) await PlaceAsync(Events + i);
        await EventuallyAsync(() => healthy.Calls.Count == 10, "the healthy one is told");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
        Assert.Equal(calls, hanging.Calls.Count);
        Assert.All((await RowsAsync()).Where(row => row.BatchKey == slow.Id.ToString() && row.State != JobState.Running), row => Assert.Equal((JobState.Pending, 0, 0), (row.State, row.Attempt, row.Failures)));
        release.SetResult();
        await EventuallyAsync(async () => (await DeliveriesAsync()).All(d => d.State == WebhookDeliveryState.Delivered), "once it answers it is told everything");
        Assert.All((await RowsAsync()).Where(row => row.Kind == JobKinds.DeliverWebhook), row => Assert.Equal((1, 0), (row.Attempt, row.Failures)));
        Assert.Equal(Events + 10, hanging.Calls.Select(call => call.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_receiver_that_begins_to_answer_and_never_ends_has_not_taken_the_event_and_it_counts_against_it()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = async (_, context) =>
        {
            await context.Response.WriteAsync("so far");
            await Task.Delay(TimeSpan.FromMinutes(5), context.RequestAborted);
        };
        await AddEndpointAsync(receiver.Url, WebhookEventTypes.OrderPlaced);
        await StartSenderAsync(("Webhooks:AnswerWithin", "00:00:01"), ("Webhooks:FirstDelay", "01:00:00"));
        await PlaceAsync();
        await EventuallyAsync(async () => (await DeliveriesAsync()).Any(d => d.Attempts.Count == 1), "the attempt is in the log");
        Assert.Equal((null, "An answer of 200 began and did not end in time."), (await DeliveriesAsync()).SelectMany(d => d.Attempts).Select(a => (a.Status, a.Response)).Single());
        Assert.Equal(1, (await EndpointAsync()).FailedAttempts);
    }
}
