using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Commerce;
using Commerce.Catalog;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Payments;
using Commerce.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Tests.Fixture;
using Tests.Worker.Mail;
using Worker.Webhooks;

namespace Tests.Worker.Webhooks;

public sealed class DeliveryTests(PostgresFixture postgres, RedisFixture redis, MailServer mail) : WebhookTest(postgres, redis, mail), IClassFixture<MailServer>
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
        await PlaceAsync(2);
        await ExecuteAsync($"UPDATE orders SET status = 'Expired', closed_at = now() WHERE number = 'OG-TEST-0002'");
        await EventuallyAsync(() => receiver.Calls.Count == 7, "seven calls came");
        await AllDoneAsync(14);
        Assert.Equal(["order.cancelled", "order.expired", "order.fulfilled", "order.paid", "order.placed", "order.placed", "order.refunded"], receiver.Calls.Select(TypeOf).Order());
        Assert.Equal(7, receiver.Calls.Select(call => call.Id).Distinct().Count());
        Assert.All(receiver.Calls, call =>
        {
            Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(endpoint.Secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{call.Id}.{call.Timestamp}.{call.Body}")))}", call.Signature);
            Assert.DoesNotContain("mira@example.com", call.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("O'Shea", call.Body, StringComparison.Ordinal);
        });
        var data = receiver.Calls.ToDictionary(call => call.Id, call => JsonDocument.Parse(call.Body).RootElement.GetProperty("data"));
        Assert.Single(data.Values.Select(d => string.Join(' ', d.EnumerateObject().Select(member => member.Name))).Distinct());
        var expired = data[receiver.Calls.Single(call => TypeOf(call) == "order.expired").Id];
        Assert.Equal(("OG-TEST-0002", "expired"), (expired.GetProperty("number").GetString(), expired.GetProperty("status").GetString()));
        var refunded = JsonDocument.Parse(receiver.Calls.Single(call => TypeOf(call) == "order.refunded").Body).RootElement.GetProperty("data");
        Assert.Equal(("OG-7K3M-9QXT", 4_900), (refunded.GetProperty("number").GetString(), refunded.GetProperty("refund").GetProperty("amount").GetProperty("amountMinor").GetInt32()));
    }

    [Fact]
    public async Task A_removed_or_archived_variant_that_can_be_had_again_is_nobodys_news()
    {
        await using var receiver = await Receiver.StartAsync();
        await AddEndpointAsync(receiver.Url, WebhookEventTypes.StockBack);
        await StartSenderAsync();
        await using (var db = Open())
        {
            var now = DateTimeOffset.UtcNow;
            var product = new Product { Id = Guid.CreateVersion7(), Slug = "archived", Title = "Archived", CreatedAt = now, UpdatedAt = now };
            product.Variants.Add(new Variant { Id = Guid.CreateVersion7(), ProductId = product.Id, Position = 1 });
            product.Archive(now);
            db.Add(product);
            db.Enqueue(new NewJob(JobKinds.AnnounceBackInStock, new { variantId = Guid.NewGuid() }));
            db.Enqueue(new NewJob(JobKinds.AnnounceBackInStock, new { variantId = product.Variants[0].Id }));
            await db.SaveChangesAsync();
        }
        await AllDoneAsync(4);
        // A variant that is no longer there, or no longer sold, is nobody's news.
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
    public async Task After_the_last_try_the_delivery_has_failed_and_leaves_no_dead_letter()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(500);
        await AddEndpointAsync(receiver.Url, WebhookEventTypes.OrderPlaced);
        await StartSenderAsync(("Webhooks:FirstDelay", "01:00:00"));
        await PlaceAsync();
        await EventuallyAsync(async () => (await RowsAsync()).Any(r => r is { Kind: JobKinds.DeliverWebhook, State: JobState.Pending, Failures: 1 }), "the first try has failed");
        await MakeLastTryDueAsync();
        await AllDoneAsync(2);
        Assert.Equal((2, WebhookDeliveryState.Failed), (receiver.Calls.Count, (await DeliveriesAsync()).Single().State));
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
}
