using System.Security.Cryptography;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Webhooks;

/// <summary>What merchants' own systems can be told of.</summary>
public static class WebhookEventTypes
{
    public const string OrderPlaced = "order.placed", OrderPaid = "order.paid", OrderFulfilled = "order.fulfilled",
        OrderCancelled = "order.cancelled", OrderExpired = "order.expired", OrderRefunded = "order.refunded", StockLow = "stock.low", StockBack = "stock.back";

    public static readonly IReadOnlyList<string> All = [OrderPlaced, OrderPaid, OrderFulfilled, OrderCancelled, OrderExpired, OrderRefunded, StockLow, StockBack];
}

/// <summary>A system of the merchant's that wants to be told.</summary>
public sealed class WebhookEndpoint
{
    public const int MaxUrl = 500, MaxReason = 300;
    private const string SecretPrefix = "whsec_";

    /// <summary>After a rotation receivers may still check against the old secret for so long.</summary>
    private static readonly TimeSpan OldSecretLives = TimeSpan.FromHours(24);

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Url { get; set; }
    public required string[] EventTypes { get; set; }
    public bool IsEnabled { get; private set; } = true;

    /// <summary>Why it was switched off; null while it is on.</summary>
    public string? DisabledReason { get; private set; }

    public string Secret { get; private set; } = NewSecret();
    public string? OldSecret { get; private set; }
    public DateTimeOffset? OldSecretUntil { get; private set; }

    /// <summary>Since its last success every attempt has failed; null while it works.</summary>
    public DateTimeOffset? FailingSince { get; private set; }

    /// <summary>Attempts since then.</summary>
    public int FailedAttempts { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The secrets to sign with now, the current one first.</summary>
    public IEnumerable<string> SecretsAt(DateTimeOffset now) => OldSecret is not null && now < OldSecretUntil ? [Secret, OldSecret] : [Secret];

    public void Rotate(DateTimeOffset now) => (OldSecret, OldSecretUntil, Secret) = (Secret, now + OldSecretLives, NewSecret());

    public void Enable() => (IsEnabled, DisabledReason, FailingSince, FailedAttempts) = (true, null, null, 0);

    public void Disable(string reason) => (IsEnabled, DisabledReason) = (false, reason.CutTo(MaxReason));

    public void Failed(DateTimeOffset now)
    {
        FailingSince ??= now;
        FailedAttempts++;
    }

    // Standard Webhooks: whsec_ and 24 to 64 random bytes in base64.
    private static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The bytes of a secret.</summary>
    public static byte[] KeyOf(string secret) => Convert.FromBase64String(secret[SecretPrefix.Length..]);
}

/// <summary>Something that happened, as it is told: the same id and the same bytes to every endpoint and at every attempt.</summary>
public sealed class WebhookEvent
{
    /// <summary>So long it can be delivered, by hand or when its endpoint is switched on.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    /// <summary>Made in the transaction that caused the event.</summary>
    public required Guid Id { get; init; }

    public required string Type { get; init; }

    /// <summary>The body as it is signed. No names, addresses or mail addresses: erasing a customer leaves nothing to erase.</summary>
    public required string Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What receivers deduplicate by.</summary>
    public string WireId => $"evt_{Id:N}";
}

/// <summary>Where a delivery stands.</summary>
public enum WebhookDeliveryState
{
    /// <summary>One job, and no other, is to deliver it.</summary>
    Pending,
    Delivered,

    /// <summary>Given up: every attempt failed.</summary>
    Failed,

    /// <summary>The endpoint is switched off: without a job until it is switched on.</summary>
    Held,
}

/// <summary>One event for one endpoint.</summary>
public sealed class WebhookDelivery
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid EventId { get; init; }
    public required Guid EndpointId { get; init; }
    public WebhookDeliveryState State { get; set; }

    /// <summary>The job that is to deliver it, or was the last one. A job that is another one has nothing to do.</summary>
    public Guid? JobId { get; private set; }

    public WebhookEvent? Event { get; init; }
    public WebhookEndpoint? Endpoint { get; init; }
    public List<WebhookAttempt> Attempts { get; init; } = [];

    /// <summary>What delivers it, as far as calls to its endpoint leave room for it.</summary>
    public NewJob Job() => new(JobKinds.DeliverWebhook, new { deliveryId = Id }, BatchKey: EndpointId.ToString());

    /// <param name="jobId">Of a job that was made for this.</param>
    public void Send(Guid jobId) => (State, JobId) = (WebhookDeliveryState.Pending, jobId);
}

/// <summary>The delivery log: one call and what came of it.</summary>
public sealed class WebhookAttempt
{
    public const int MaxResponse = 500;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid DeliveryId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }

    public required TimeSpan Took { get; init; }

    /// <summary>The beginning of the answer, or what kept it from coming.</summary>
    public required string Response { get; init; }
}

internal sealed class WebhookMapping : IEntityTypeConfiguration<WebhookEndpoint>, IEntityTypeConfiguration<WebhookEvent>,
    IEntityTypeConfiguration<WebhookDelivery>, IEntityTypeConfiguration<WebhookAttempt>
{
    public void Configure(EntityTypeBuilder<WebhookEndpoint> endpoint)
    {
        endpoint.ToTable("webhook_endpoints");
        endpoint.Property(e => e.Id).ValueGeneratedNever();
        endpoint.Property(e => e.Url).HasMaxLength(WebhookEndpoint.MaxUrl);
        endpoint.Property(e => e.Secret).HasMaxLength(100);
        endpoint.Property(e => e.OldSecret).HasMaxLength(100);
        endpoint.Property(e => e.DisabledReason).HasMaxLength(WebhookEndpoint.MaxReason);
    }

    public void Configure(EntityTypeBuilder<WebhookEvent> happened)
    {
        happened.ToTable("webhook_events");
        happened.Property(e => e.Id).ValueGeneratedNever();
        happened.Property(e => e.Type).HasMaxLength(40);
        happened.Ignore(e => e.WireId);
    }

    public void Configure(EntityTypeBuilder<WebhookDelivery> delivery)
    {
        delivery.ToTable("webhook_deliveries", table => table.HasCheckConstraint("ck_webhook_deliveries_job", "state <> 'Pending' or job_id is not null"));
        delivery.Property(d => d.Id).ValueGeneratedNever();
        delivery.Property(d => d.State).HasConversion<string>().HasMaxLength(10);
        delivery.HasIndex(d => new { d.EventId, d.EndpointId }).IsUnique();
        delivery.HasIndex(d => new { d.EndpointId, d.Id });
        delivery.HasOne(d => d.Event).WithMany().HasForeignKey(d => d.EventId);
        delivery.HasOne(d => d.Endpoint).WithMany().HasForeignKey(d => d.EndpointId);
        delivery.HasMany(d => d.Attempts).WithOne().HasForeignKey(a => a.DeliveryId);
    }

    public void Configure(EntityTypeBuilder<WebhookAttempt> attempt)
    {
        attempt.ToTable("webhook_attempts");
        attempt.Property(a => a.Id).ValueGeneratedNever();
        attempt.Property(a => a.Response).HasMaxLength(WebhookAttempt.MaxResponse);
        attempt.HasIndex(a => a.DeliveryId);
    }
}
