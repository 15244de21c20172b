using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Commerce;
using Commerce.Audit;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Payments;
using Commerce.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tests.Fixture;
using Tests.Worker.Jobs;
using Tests.Worker.Mail;
using Worker.Jobs;
using Worker.Mail;
using Worker.Webhooks;

namespace Tests.Worker.Webhooks;

public sealed class DeliveryTests(PostgresFixture postgres, RedisFixture redis, MailServer mail) : JobTest(postgres, redis), IClassFixture<MailServer>
{
    [Fact]
    public async Task What_happens_to_an_order_is_told_once_each_signed_and_without_names()
    {
        await using var receiver = await Receiver.StartAsync();
        var endpoint = await AddEndpointAsync(receiver.Url, [.. WebhookEventTypes.All]);
        await StartSenderAsync();
        await using (var db = Open())
        {
            var order = PaidOrder.Example(isPaid: false);
            db.Add(order);
            await db.SaveChangesAsync();
            order.MarkPaid(DateTimeOffset.UtcNow);
            await db.SaveChangesAsync();
            var parcel = new Fulfilment { OrderId = order.Id, SentAt = order.PlacedAt, IdempotencyKey = "1", Fingerprint = "1" };
            parcel.Lines.Add(new FulfilmentLine { FulfilmentId = parcel.Id, Position = 2, Quantity = 1 });
            db.Add(parcel);
            db.Add(new Refund { OrderId = order.Id, Cause = RefundCause.Staff, AmountMinor = 4_900, Currency = "EUR", RequestedAt = order.PlacedAt });
            await db.SaveChangesAsync();
        }
        await ExecuteAsync($"UPDATE refunds SET status = 'Succeeded', settled_at = now()");
        await ExecuteAsync($"UPDATE orders SET status = 'Cancelled', closed_at = now()");
        await EventuallyAsync(() => receiver.Calls.Count == 5, "five calls came");
        await AllDoneAsync(10);
        Assert.Equal(["order.cancelled", "order.fulfilled", "order.paid", "order.placed", "order.refunded"], receiver.Calls.Select(TypeOf).Order());
        Assert.Equal(5, receiver.Calls.Select(call => call.Id).Distinct().Count());
        Assert.All(receiver.Calls, call =>
        {
            Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(endpoint.Secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{call.Id}.{call.Timestamp}.{call.Body}")))}", call.Signature);
            Assert.DoesNotContain("mira@example.com", call.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("O'Shea", call.Body, StringComparison.Ordinal);
        });
        var refunded = JsonDocument.Parse(receiver.Calls.Single(call => TypeOf(call) == "order.refunded").Body).RootElement.GetProperty("data");
        Assert.Equal(("OG-7K3M-9QXT", 4_900), (refunded.GetProperty("number").GetString(), refunded.GetProperty("refund").GetProperty("amount").GetProperty("amountMinor").GetInt32()));
    }

    [Fact]
    public async Task A_removed_variant_that_can_be_had_again_is_nobodys_news()
    {
        await using var receiver = await Receiver.StartAsync();
        await AddEndpointAsync(receiver.Url, WebhookEventTypes.StockBack);
        await StartSenderAsync();
        await using (var db = Open())
        {
            db.Enqueue(new NewJob(JobKinds.AnnounceBackInStock, new { variantId = Guid.NewGuid() }));
            await db.SaveChangesAsync();
        }
        await AllDoneAsync(2);
        // A variant that is no longer there is nobody's news.
        Assert.Empty(receiver.Calls);
    }

    [Fact]
    public async Task A_transaction_that_rolls_back_and_an_event_nobody_wants_leave_nothing()
    {
        await AddEndpointAsync("http://127.0.0.1:9/", WebhookEventTypes.OrderPlaced);
        await using var db = Open();
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Add(PaidOrder.Example(isPaid: false));
            await db.SaveChangesAsync();
            Assert.Single(await db.Set<OutboxRow>().AsNoTracking().ToListAsync());
        });
        await ExecuteAsync($"UPDATE webhook_endpoints SET event_types = ARRAY['order.cancelled']");
        await PlaceAsync();
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task A_failing_receiver_is_called_again_with_the_same_id_and_bytes_until_it_takes_the_event()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = async (number, context) =>
        {
            context.Response.StatusCode = number switch { 1 => 500, 2 => 302, _ => 204 };
            if (number == 2) context.Response.Headers.Location = "/elsewhere";
            if (number == 1) await context.Response.WriteAsync(new string('x', 100_000));
        };
        await AddEndpointAsync(receiver.Url, WebhookEventTypes.OrderPlaced);
        await StartSenderAsync();
        await PlaceAsync();
        await EventuallyAsync(async () => (await DeliveriesAsync()).Any(d => d.State == WebhookDeliveryState.Delivered), "it is delivered");
        Assert.Equal(3, receiver.Calls.Count);
        Assert.Single(receiver.Calls.Select(call => (call.Id, call.Body)).Distinct());
        Assert.DoesNotContain(receiver.Calls, call => call.Path == "/elsewhere");
        var delivery = Assert.Single(await DeliveriesAsync());
        Assert.Equal([500, 302, 204], delivery.Attempts.OrderBy(a => a.Id).Select(a => a.Status));
        Assert.All(delivery.Attempts, attempt => Assert.True(attempt.Response.Length <= WebhookAttempt.MaxResponse));
        Assert.Null((await EndpointAsync()).FailingSince);
    }

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

    [Fact]
    public async Task An_answer_is_kept_whatever_characters_its_end_falls_between()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, context) => context.Response.WriteAsync(new string('a', WebhookAttempt.MaxResponse - 2) + "\0🌱 and more");
        await AddEndpointAsync(receiver.Url, WebhookEventTypes.OrderPlaced);
        await StartSenderAsync();
        await PlaceAsync();
        await EventuallyAsync(async () => (await DeliveriesAsync()).Any(d => d.State == WebhookDeliveryState.Delivered), "it is delivered");
        Assert.Equal(new string('a', WebhookAttempt.MaxResponse - 2) + " ", Assert.Single(await DeliveriesAsync()).Attempts.Single().Response);
    }

    [Theory]
    [InlineData(410, 1)]
    [InlineData(500, 3)]
    public async Task An_endpoint_that_is_gone_or_keeps_failing_is_switched_off_with_a_notice_and_wakes_nobody(int status, int attempts)
    {
        await mail.ResetAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        var endpoint = await AddEndpointAsync(receiver.Url, WebhookEventTypes.OrderPlaced);
        await StartSenderAsync(("Webhooks:DisableAfter", "00:00:00"), ("Webhooks:DisableAfterAttempts", "3"));
        await PlaceAsync();
        await EventuallyAsync(async () => (await mail.MailsAsync()).Count == 1, "staff are told");
        Assert.Equal(attempts, receiver.Calls.Count);
        Assert.False((await EndpointAsync()).IsEnabled);
        Assert.Equal("staff@oddgrain.example", (await mail.MailsAsync())[0].GetProperty("to")[0].GetString());
        await using (var db = Open())
            Assert.Equal($"webhook-endpoint:{endpoint.Id}", (await db.Set<AuditEntry>().SingleAsync(e => e.Action == "webhooks.endpoint-disabled")).Subject);
        await EventuallyAsync(async () => (await RowsAsync()).All(row => row.State == JobState.Done || row.RunAfter > DateTimeOffset.UtcNow), "nothing is left to do");
        Assert.DoesNotContain(await RowsAsync(), row => row.State == JobState.Dead);
    }

    [Fact]
    public async Task Of_many_calls_that_fail_at_once_each_counts_and_one_switches_off_with_one_notice()
    {
        const int Events = 20;
        await mail.ResetAsync();
        await using var receiver = await Receiver.StartAsync();
        var all = new TaskCompletionSource();
        receiver.Answer = async (number, context) =>
        {
            if (number == Events) all.SetResult();
            await all.Task;
            context.Response.StatusCode = 410;
        };
        await AddEndpointAsync(receiver.Url, WebhookEventTypes.OrderPlaced);
        for (var i = 1; i <= Events; i++) await PlaceAsync(i);
        await StartSenderAsync(("Webhooks:AnswerWithin", "00:00:45"));
        await AllDoneAsync(2 * Events + 2);
        Assert.Equal((false, Events), await EndpointAsync() is var endpoint ? (endpoint.IsEnabled, endpoint.FailedAttempts) : default);
        Assert.All(await DeliveriesAsync(), delivery => Assert.Equal(WebhookDeliveryState.Held, delivery.State));
        Assert.Single(await mail.MailsAsync());
        await using var db = Open();
        Assert.Single(await db.Set<AuditEntry>().Where(e => e.Action == "webhooks.endpoint-disabled").ToListAsync());
    }

    [Fact]
    public async Task What_happens_while_an_endpoint_is_off_is_held_and_sent_once_staff_switch_it_on()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
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

    [Fact]
    public async Task A_private_address_is_not_called_whatever_its_name()
    {
        await using var receiver = await Receiver.StartAsync();
        var port = new Uri(receiver.Url).Port;
        await AddEndpointAsync($"http://127.0.0.1:{port}/", WebhookEventTypes.OrderPlaced);
        await AddEndpointAsync($"http://localhost:{port}/", WebhookEventTypes.OrderPlaced);
        await AddEndpointAsync($"http://[::ffff:127.0.0.1]:{port}/", WebhookEventTypes.OrderPlaced);
        await StartSenderAsync(("Webhooks:AllowPrivateAddresses", "false"), ("Webhooks:FirstDelay", "01:00:00"));
        await PlaceAsync();
        await EventuallyAsync(async () => (await DeliveriesAsync()).Count(d => d.Attempts.Count == 1) == 3, "all were refused");
        Assert.Empty(receiver.Calls);
        Assert.All((await DeliveriesAsync()).SelectMany(d => d.Attempts), attempt => Assert.Contains("not on the public Internet", attempt.Response, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10.1.2.3", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("93.184.215.14", true)]
    [InlineData("2606:2800:220:1::1", true)]
    public void Inside_and_outside_are_told_apart(string address, bool isOutside) => Assert.Equal(isOutside, PublicInternet.Has(IPAddress.Parse(address)));

    [Fact]
    public async Task After_a_rotation_both_secrets_sign()
    {
        await using var receiver = await Receiver.StartAsync();
        var endpoint = await AddEndpointAsync(receiver.Url, WebhookEventTypes.OrderPlaced);
        var old = endpoint.Secret;
        await using (var db = Open())
        {
            (await db.Set<WebhookEndpoint>().SingleAsync()).Rotate(DateTimeOffset.UtcNow);
            await db.SaveChangesAsync();
        }
        await StartSenderAsync();
        await PlaceAsync();
        await EventuallyAsync(() => receiver.Calls.Count == 1, "it is told");
        var call = receiver.Calls.Single();
        var signatures = call.Signature.Split(' ');
        Assert.Equal(2, signatures.Length);
        Assert.Equal(WebhookSender.Sign(old, call.Id, call.Timestamp, call.Body), signatures[1]);
    }

    private Task<JobNode> StartSenderAsync(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Webhooks:AllowPrivateAddresses"] = "true",
            ["Webhooks:FirstDelay"] = "00:00:00.100",
            ["Smtp:Host"] = "127.0.0.1",
            ["Smtp:Port"] = $"{mail.SmtpPort}",
            ["Smtp:From"] = "Oddgrain <orders@oddgrain.example>",
            ["Mail:StaffRecipients:0"] = "staff@oddgrain.example",
        };
        foreach (var (name, value) in settings) all[name] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        return StartNodeAsync(instead: services =>
        {
            services.AddMail(configuration).AddWebhooks(configuration);
            WebhookVerbs.Register(services, configuration); // what staff do in the Api
            services.Configure<PublicAddress>(address => address.PublicUrl = "http://localhost:8080");
            services.AddJobs(jobs => jobs
                .Add<AnnounceBackInStock, AnnounceBackInStockArguments>(JobKinds.AnnounceBackInStock)
                .Add<PublishEvent, PublishEventArguments>(JobKinds.PublishEvent)
                .Add<DeliverWebhook, DeliverWebhookArguments>(JobKinds.DeliverWebhook)
                .Add<SendStaffMail, SendStaffMailArguments>(JobKinds.SendStaffMail)
                .Add<SendWebhookNotice, SendWebhookNoticeArguments>(JobKinds.SendWebhookNotice));
        });
    }

    private async Task<WebhookEndpoint> AddEndpointAsync(string url, params string[] types)
    {
        await using var db = Open();
        var endpoint = new WebhookEndpoint { Url = url, EventTypes = types, CreatedAt = DateTimeOffset.UtcNow };
        db.Add(endpoint);
        await db.SaveChangesAsync();
        return endpoint;
    }

    private async Task PlaceAsync(int index = 1)
    {
        await using var db = Open();
        db.Add(PaidOrder.Example(isPaid: false, index: index));
        await db.SaveChangesAsync();
    }

    private async Task SwitchAsync(JobNode node, bool isOn)
    {
        await using var scope = node.Services.CreateAsyncScope();
        var webhooks = scope.ServiceProvider.GetRequiredService<WebhookVerbs>();
        var seen = (await webhooks.FindAsync((await EndpointAsync()).Id, CancellationToken.None)).Value;
        Assert.Null((await webhooks.ChangeAsync(Actor.System("test"), null, seen, seen.Url, seen.EventTypes, isOn, CancellationToken.None)).Refusal);
    }

    private static async Task RedeliverAsync(JobNode node, Guid deliveryId)
    {
        await using var scope = node.Services.CreateAsyncScope();
        Assert.Null(await scope.ServiceProvider.GetRequiredService<WebhookVerbs>().RedeliverAsync(Actor.System("test"), null, deliveryId, CancellationToken.None));
    }

    private async Task<List<WebhookDelivery>> DeliveriesAsync()
    {
        await using var db = Open();
        return await db.Set<WebhookDelivery>().AsNoTracking().Include(d => d.Attempts).ToListAsync();
    }

    private async Task<WebhookEndpoint> EndpointAsync()
    {
        await using var db = Open();
        return await db.Set<WebhookEndpoint>().AsNoTracking().SingleAsync();
    }

    private static string TypeOf(ReceivedCall call) => JsonDocument.Parse(call.Body).RootElement.GetProperty("type").GetString()!;
}
