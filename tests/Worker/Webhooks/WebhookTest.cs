using System.Text.Json;
using Commerce;
using Commerce.Audit;
using Commerce.Outbox;
using Commerce.Payments;
using Commerce.Webhooks;
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

/// <summary>A worker that calls merchants' systems.</summary>
public abstract class WebhookTest(PostgresFixture postgres, RedisFixture redis, MailServer mail) : JobTest(postgres, redis)
{
    protected MailServer Mail => mail;

    protected Task<JobNode> StartSenderAsync(params (string Name, string Value)[] settings)
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

    /// <summary>Every delivery that waits has failed as often as it may, but for one more try, which is due.</summary>
    protected Task MakeLastTryDueAsync() =>
        ExecuteAsync($"UPDATE outbox SET attempt = {DeliverWebhook.MaxAttempts - 1}, failures = {DeliverWebhook.MaxAttempts - 1}, run_after = now() WHERE kind = {JobKinds.DeliverWebhook}");

    protected async Task<WebhookEndpoint> AddEndpointAsync(string url, params string[] types)
    {
        await using var db = Open();
        var endpoint = new WebhookEndpoint { Url = url, EventTypes = types, CreatedAt = DateTimeOffset.UtcNow };
        db.Add(endpoint);
        await db.SaveChangesAsync();
        return endpoint;
    }

    protected async Task PlaceAsync(int index = 1)
    {
        await using var db = Open();
        db.Add(PaidOrder.Example(isPaid: false, index: index));
        await db.SaveChangesAsync();
    }

    protected async Task SwitchAsync(JobNode node, bool isOn)
    {
        await using var scope = node.Services.CreateAsyncScope();
        var webhooks = scope.ServiceProvider.GetRequiredService<WebhookVerbs>();
        var seen = (await webhooks.FindAsync((await EndpointAsync()).Id, CancellationToken.None)).Value;
        Assert.Null((await webhooks.ChangeAsync(Actor.System("test"), null, seen, seen.Url, seen.EventTypes, isOn, CancellationToken.None)).Refusal);
    }

    protected static async Task RedeliverAsync(JobNode node, Guid deliveryId)
    {
        await using var scope = node.Services.CreateAsyncScope();
        Assert.Null(await scope.ServiceProvider.GetRequiredService<WebhookVerbs>().RedeliverAsync(Actor.System("test"), null, deliveryId, CancellationToken.None));
    }

    protected async Task<List<WebhookDelivery>> DeliveriesAsync()
    {
        await using var db = Open();
        return await db.Set<WebhookDelivery>().AsNoTracking().Include(d => d.Attempts).ToListAsync();
    }

    protected async Task<WebhookEndpoint> EndpointAsync()
    {
        await using var db = Open();
        return await db.Set<WebhookEndpoint>().AsNoTracking().SingleAsync();
    }

    protected static string TypeOf(ReceivedCall call) => JsonDocument.Parse(call.Body).RootElement.GetProperty("type").GetString()!;
}
