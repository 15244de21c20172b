using Commerce;
using Commerce.Outbox;
using Commerce.Payments;
using Local.Stripe;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Tests.Fixture;
using Tests.Worker.Jobs;
using Tests.Worker.Mail;
using Worker.Jobs;
using Worker.Payments;

namespace Tests.Worker.Payments;

/// <summary>What Stripe says no to ends under its own reason and at once; what only its key stands in the way of waits for a good key.</summary>
public sealed class PaymentFailureTests(PostgresFixture postgres, RedisFixture redis) : JobTest(postgres, redis)
{
    private readonly string _folder = TestFolders.CreatePrivate();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        TestFolders.Delete(_folder);
    }

    [Fact]
    public async Task An_event_about_nothing_that_Stripe_knows_is_a_dead_letter_at_once()
    {
        await using var stripe = await StartStripeAsync();
        await ExecuteAsync($$"""
            INSERT INTO stripe_events (id, type, object_id, payload, received_at) VALUES ('evt_nope', 'checkout.session.completed', 'cs_test_nope', '{}', now())
            """);
        await LeaveAsync(JobKinds.ApplyStripeEvent, new { eventId = "evt_nope" });
        await StartNodeAsync(stripe);
        await EndsAsync(JobState.Dead, "stripe-object-unknown");
    }

    [Theory]
    [InlineData("sk_test_1", JobState.Dead, "stripe-refused")]
    [InlineData("nonsense", JobState.Pending, "stripe-key-refused")]
    public async Task A_void_that_Stripe_refuses_is_a_dead_letter_unless_it_is_the_key_that_is_refused(string key, JobState state, string reason)
    {
        await using var stripe = await StartStripeAsync();
        var order = PaidOrder.Example(isPaid: false);
        await using (var db = Open())
        {
            db.Add(order);
            db.Add(Payment.For(order.Id, order.TotalMinor, order.Currency, DateTimeOffset.UtcNow));
            await db.SaveChangesAsync();
        }
        await ExecuteAsync($"UPDATE payments SET status = 'VoidDue', payment_intent_id = 'pi_nope' WHERE order_id = {order.Id}");
        await LeaveAsync(JobKinds.VoidPayment, new { orderId = order.Id });
        await StartNodeAsync(stripe, key);
        await EndsAsync(state, reason);
    }

    private async Task LeaveAsync(string kind, object arguments)
    {
        await using var db = Open();
        db.Enqueue(new NewJob(kind, arguments, "one", null));
        await db.SaveChangesAsync();
    }

    private async Task EndsAsync(JobState state, string reason)
    {
        await EventuallyAsync(async () => (await OnlyRowAsync()).FailureReason is not null, "the job has failed");
        var row = await OnlyRowAsync();
        Assert.Equal((state, 1, reason), (row.State, row.Failures, row.FailureReason));
    }

    private async Task<WebApplication> StartStripeAsync()
    {
        var stripe = StripeEmulator.Build(["--urls", "http://127.0.0.1:0", "--Stripe:DataFolder", _folder, "--Logging:LogLevel:Default", "Error"]);
        await stripe.StartAsync();
        return stripe;
    }

    private Task<JobNode> StartNodeAsync(WebApplication stripe, string key = "sk_test_1") => StartNodeAsync(instead: services =>
    {
        services.AddOrders(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Stripe:ApiBase"] = stripe.Urls.First(),
            ["Stripe:SecretKey"] = key,
            ["Stripe:WebhookSecret"] = "whsec_test",
            ["Services:PublicUrl"] = "http://localhost:8080",
        }).Build());
        services.AddJobs(jobs => jobs
            .Add<ApplyStripeEvent, ApplyStripeEventArguments>(JobKinds.ApplyStripeEvent)
            .Add<VoidPayment, VoidPaymentArguments>(JobKinds.VoidPayment));
    });
}
