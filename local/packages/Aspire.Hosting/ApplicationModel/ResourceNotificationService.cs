using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A change of a resource.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">Its unique name in this run.</param>
/// <param name="snapshot">What is known of it now.</param>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Its unique name in this run.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>What is known of it now.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}

/// <summary>Knows the present state of every resource and tells about changes.</summary>
public class ResourceNotificationService : IDisposable
{
    private readonly ILogger<ResourceNotificationService> _logger;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Channel<ResourceEvent>, byte> _watchers = new();

    internal ResourceNotificationService(ILogger<ResourceNotificationService> logger, IHostApplicationLifetime lifetime)
    {
        _logger = logger;
        _lifetime = lifetime;
    }

    /// <summary>Changes what is known of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="stateFactory">Makes the new snapshot from the present one.</param>
    /// <returns>Completed once watchers will see the change.</returns>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory) =>
        PublishUpdateAsync(resource, ResourceIds.Of(resource), stateFactory);

    /// <summary>Changes what is known of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="resourceId">Its unique name in this run.</param>
    /// <param name="stateFactory">Makes the new snapshot from the present one.</param>
    /// <returns>Completed once watchers will see the change.</returns>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(stateFactory);
        lock (_gate)
        {
            var before = _current.TryGetValue(resourceId, out var known) ? known.Snapshot : InitialSnapshot.Of(resource);
            var change = new ResourceEvent(resource, resourceId, ResourceCommands.Refresh(resource, stateFactory(before)));
            _current[resourceId] = change;
            foreach (var watcher in _watchers.Keys)
                watcher.Writer.TryWrite(change);

            if (before.State?.Text != change.Snapshot.State?.Text)
                _logger.LogDebug("{Resource} is {State}", resource.Name, change.Snapshot.State?.Text);
        }

        return Task.CompletedTask;
    }

    /// <summary>What is known of a resource now.</summary>
    /// <param name="resourceId">Its unique name in this run, or its name.</param>
    /// <param name="resourceEvent">The latest change.</param>
    /// <returns>False when nothing is known of it.</returns>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_gate)
        {
            if (!_current.TryGetValue(resourceId, out resourceEvent))
                resourceEvent = _current.Values.FirstOrDefault(known => Names.Same(known.Resource.Name, resourceId));

            return resourceEvent is not null;
        }
    }

    /// <summary>The present state of every resource, then every change.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <returns>The changes.</returns>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (_gate)
        {
            foreach (var known in _current.Values)
                channel.Writer.TryWrite(known);

            _watchers[channel] = 0;
        }

        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
                yield return change;
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    /// <summary>Waits until a resource is in a state.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="targetState">The state; Running when null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Completed once the state was seen.</returns>
    public async Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        await WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until a resource is in one of several states.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="targetStates">The states.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The state that was seen.</returns>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var change = await WaitForResourceAsync(resourceName, seen => seen.Snapshot.State?.Text is { } text && states.Contains(text), cancellationToken);
        return change.Snapshot.State!.Text;
    }

    /// <summary>Waits until something is true of a resource.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="predicate">What must be true.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The change that made it true.</returns>
    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _lifetime.ApplicationStopping);
        await foreach (var change in WatchAsync(linked.Token))
        {
            if (Names.Same(change.Resource.Name, resourceName) && predicate(change))
                return change;
        }

        throw new OperationCanceledException($"The application stopped while waiting for resource '{resourceName}'.");
    }

    /// <summary>Waits until a resource runs and all its health checks pass.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The change that made it healthy.</returns>
    /// <exception cref="DistributedApplicationException">The resource ended before it was healthy.</exception>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, WaitBehavior.StopOnResourceUnavailable, cancellationToken);

    /// <summary>Waits until a resource runs and all its health checks pass.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="waitBehavior">Whether to go on waiting when it ends.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The change that made it healthy.</returns>
    /// <exception cref="DistributedApplicationException">The resource ended before it was healthy.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var change = await WaitForResourceAsync(
            resourceName,
            seen => seen.Snapshot.HealthStatus == HealthStatus.Healthy
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && Ended(seen.Snapshot)),
            cancellationToken);
        return Ended(change.Snapshot)
            ? throw new DistributedApplicationException($"Resource '{resourceName}' is {change.Snapshot.State?.Text}{ExitCodeWords(change.Snapshot)} and cannot become healthy.")
            : change;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var watcher in _watchers.Keys)
            watcher.Writer.TryComplete();

        GC.SuppressFinalize(this);
    }

    internal static bool Ended(CustomResourceSnapshot snapshot) => snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    internal static string ExitCodeWords(CustomResourceSnapshot snapshot) => snapshot.ExitCode is { } code ? $" (exit code {code})" : "";

    internal ImmutableArray<ResourceEvent> All()
    {
        lock (_gate)
            return [.. _current.Values];
    }
}
