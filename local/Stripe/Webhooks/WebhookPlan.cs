using System.ComponentModel.DataAnnotations;
using Local.Stripe.State;
using Microsoft.Extensions.Options;

namespace Local.Stripe.Webhooks;

/// <summary>How the next events are delivered. No copies: never. Random figures come from <see cref="Seed"/>.</summary>
public sealed record WebhookFault : IValidatableObject
{
    /// <summary>How many matching events it covers.</summary>
    [Range(1, 1_000_000)]
    public int Events { get; init; } = 1;

    /// <summary>Only this type, e.g. <c>checkout.session.completed</c>.</summary>
    [EventType]
    public string? Type { get; init; }

    [Range(0, 20)]
    public int CopiesMin { get; init; } = 1;

    [Range(0, 20)]
    public int CopiesMax { get; init; } = 1;

    [Range(0, 86_400_000)]
    public int DelayMinMilliseconds { get; init; }

    [Range(0, 86_400_000)]
    public int DelayMaxMilliseconds { get; init; }

    /// <summary>Kept back until the held deliveries are released, in order, reversed or shuffled.</summary>
    public bool Hold { get; init; }

    public int Seed { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CopiesMin > CopiesMax)
            yield return new($"copiesMin ({CopiesMin}) must not be more than copiesMax ({CopiesMax}).");
        if (DelayMinMilliseconds > DelayMaxMilliseconds)
            yield return new($"delayMinMilliseconds ({DelayMinMilliseconds}) must not be more than delayMaxMilliseconds ({DelayMaxMilliseconds}).");
    }
}

/// <summary>Decides the deliveries of an event. Faults live in memory only, so a restart is healthy.</summary>
public sealed class WebhookPlan(IOptions<StripeOptions> options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<(WebhookFault Fault, Random Random)> _faults = [];

    public IReadOnlyList<WebhookFault> Waiting
    {
        get
        {
            lock (_gate)
                return [.. _faults.Select(entry => entry.Fault)];
        }
    }

    public void Add(WebhookFault fault)
    {
        lock (_gate)
            _faults.Add((fault, new Random(fault.Seed)));
    }

    public void Clear()
    {
        lock (_gate)
            _faults.Clear();
    }

    public IReadOnlyList<DeliveryRecord> For(EventRecord happened)
    {
        if (string.IsNullOrEmpty(options.Value.WebhookUrl))
            return [];
        lock (_gate)
        {
            var index = _faults.FindIndex(entry => entry.Fault.Type is null || entry.Fault.Type == happened.Type);
            if (index < 0)
                return [Delivery(happened, TimeSpan.Zero, held: false)];
            var (fault, random) = _faults[index];
            if (fault.Events > 1)
                _faults[index] = (fault with { Events = fault.Events - 1 }, random);
            else
                _faults.RemoveAt(index);
            var copies = random.Next(fault.CopiesMin, fault.CopiesMax + 1);
            return [.. Enumerable.Range(0, copies).Select(_ => Delivery(happened,
                TimeSpan.FromMilliseconds(random.Next(fault.DelayMinMilliseconds, fault.DelayMaxMilliseconds + 1)),
                fault.Hold))];
        }
    }

    /// <summary>One more delivery of an event, due now.</summary>
    public DeliveryRecord Again(EventRecord happened) => Delivery(happened, TimeSpan.Zero, held: false);

    private DeliveryRecord Delivery(EventRecord happened, TimeSpan delay, bool held)
    {
        var now = time.GetUtcNow();
        return new DeliveryRecord
        {
            Id = Ids.New("del"),
            Created = now,
            EventId = happened.Id,
            State = held ? DeliveryState.Held : DeliveryState.Pending,
            DueAt = now + delay,
        };
    }
}

/// <summary>What a delivery can be.</summary>
public static class DeliveryState
{
    public const string Pending = "pending";
    public const string Held = "held";
    public const string Delivered = "delivered";
    public const string Failed = "failed";
}
