using System.Text.Json.Nodes;
using Local.Stripe.Webhooks;
using Microsoft.Extensions.Options;

namespace Local.Stripe.State;

/// <summary>A transaction with what rules need around it: the clock, the request, and how to announce an event.</summary>
public sealed class Work(StoreTransaction state, DateTimeOffset now, string? requestId, string? idempotencyKey, WebhookPlan plan, StripeOptions account)
{
    public StoreTransaction State { get; } = state;

    public DateTimeOffset Now { get; } = now;

    public StripeOptions Account { get; } = account;

    /// <summary>Records an event about <paramref name="data"/> as it is now, and its deliveries.</summary>
    public void Emit(string type, JsonObject data, JsonObject? previous = null)
    {
        if (!EventTypes.All.Contains(type, StringComparer.Ordinal))
            throw new ArgumentException($"'{type}' is missing in {nameof(EventTypes)}.", nameof(type));
        var happened = State.Put(new EventRecord
        {
            Id = Ids.New("evt"),
            Created = Now,
            Type = type,
            Data = data.ToJsonString(),
            PreviousAttributes = previous?.ToJsonString(),
            RequestId = requestId,
            IdempotencyKey = idempotencyKey,
        });
        // A call that is refused after all has told nothing: it must not use up a fault that waits for an event.
        State.WhenKept(() =>
        {
            foreach (var delivery in plan.For(happened))
                State.Put(delivery);
        });
    }
}

/// <summary>Begins work with the emulator's clock, which stands in whole seconds as Stripe's times do.</summary>
public sealed class WorkFactory(TimeProvider time, WebhookPlan plan, IOptions<StripeOptions> account)
{
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());

    public Work Begin(StoreTransaction transaction, string? requestId = null, string? idempotencyKey = null) =>
        new(transaction, Now, requestId, idempotencyKey, plan, account.Value);
}
