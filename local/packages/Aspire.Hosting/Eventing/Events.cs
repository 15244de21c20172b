using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Eventing;

/// <summary>Something that happened to the application.</summary>
public interface IDistributedApplicationEvent;

/// <summary>Something that happened to one resource.</summary>
public interface IDistributedApplicationResourceEvent : IDistributedApplicationEvent
{
    /// <summary>The resource.</summary>
    IResource Resource { get; }
}

/// <summary>A subscription, to be given back.</summary>
/// <param name="callback">What is called.</param>
public class DistributedApplicationEventSubscription(Func<IDistributedApplicationEvent, CancellationToken, Task> callback)
{
    /// <summary>What is called.</summary>
    public Func<IDistributedApplicationEvent, CancellationToken, Task> Callback { get; } = callback;
}

/// <summary>Tells subscribers about events, one after the other, and waits for them.</summary>
public interface IDistributedApplicationEventing
{
    /// <summary>Subscribes to an event.</summary>
    /// <param name="callback">What is called.</param>
    /// <typeparam name="T">The event.</typeparam>
    /// <returns>The subscription.</returns>
    DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent;

    /// <summary>Subscribes to an event of one resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="callback">What is called.</param>
    /// <typeparam name="T">The event.</typeparam>
    /// <returns>The subscription.</returns>
    DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent;

    /// <summary>Gives a subscription back.</summary>
    /// <param name="subscription">The subscription.</param>
    void Unsubscribe(DistributedApplicationEventSubscription subscription);

    /// <summary>Tells every subscriber.</summary>
    /// <param name="event">The event.</param>
    /// <param name="cancellationToken">Handed to the subscribers.</param>
    /// <typeparam name="T">The event's type.</typeparam>
    /// <returns>Completed when every subscriber has.</returns>
    Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent;
}

internal sealed class Eventing : IDistributedApplicationEventing
{
    private readonly Lock _gate = new();
    private readonly List<(Type Event, DistributedApplicationEventSubscription Subscription)> _subscriptions = [];

    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent
    {
        var subscription = new DistributedApplicationEventSubscription((happened, token) => callback((T)happened, token));
        lock (_gate)
            _subscriptions.Add((typeof(T), subscription));

        return subscription;
    }

    public DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent =>
        Subscribe<T>((happened, token) => ReferenceEquals(happened.Resource, resource) ? callback(happened, token) : Task.CompletedTask);

    public void Unsubscribe(DistributedApplicationEventSubscription subscription)
    {
        lock (_gate)
            _subscriptions.RemoveAll(entry => entry.Subscription == subscription);
    }

    public async Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent
    {
        DistributedApplicationEventSubscription[] subscribers;
        lock (_gate)
            subscribers = [.. _subscriptions.Where(entry => entry.Event == typeof(T)).Select(entry => entry.Subscription)];

        foreach (var subscriber in subscribers)
            await subscriber.Callback(@event, cancellationToken);
    }
}
