using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

/// <summary>Runs the health checks of every running resource and says when a resource is ready.</summary>
internal sealed class HealthMonitor(
    ResourceNotificationService notifications,
    HealthCheckService checks,
    IDistributedApplicationEventing eventing,
    IServiceProvider services)
{
    private static readonly TimeSpan PauseUntilHealthy = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseOnceHealthy = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, Task> _running = new();

    /// <summary>Follows every resource until the application stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in notifications.WatchAsync(cancellationToken))
        {
            if (change.Snapshot.State?.Text == KnownResourceStates.Running && !_running.ContainsKey(change.ResourceId))
                _running[change.ResourceId] = FollowAsync(change.Resource, change.ResourceId, cancellationToken);
        }
    }

    private async Task FollowAsync(IResource resource, string id, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(annotation => annotation.Key).ToHashSet();
        DateTime? ready = null;
        while (StartOf(id) is { } start)
        {
            var healthy = keys.Count == 0 || await CheckAsync(resource, keys, cancellationToken);
            if (healthy && ready != start)
            {
                ready = start;
                await eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken);
            }

            await PauseAsync(id, start, healthy ? PauseOnceHealthy : ready == start ? PauseAfterFailure : PauseUntilHealthy, cancellationToken);
        }

        _running.TryRemove(id, out _);
        if (StartOf(id) is not null)
            _running.TryAdd(id, FollowAsync(resource, id, cancellationToken));
    }

    private async Task<bool> CheckAsync(IResource resource, HashSet<string> keys, CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(registration => keys.Contains(registration.Name), cancellationToken);
        var now = DateTime.UtcNow;
        await notifications.PublishUpdateAsync(resource, known => known with
        {
            HealthReports =
            [
                .. report.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => new HealthReportSnapshot(entry.Key, entry.Value.Status, entry.Value.Description, entry.Value.Exception?.ToString()) { LastRunAt = now }),
            ],
        });
        return report.Status == HealthStatus.Healthy;
    }

    /// <summary>When the resource's present process started; null while there is none.</summary>
    private DateTime? StartOf(string id) => notifications.TryGetCurrentState(id, out var state) && state.Snapshot.State?.Text == KnownResourceStates.Running
        ? state.Snapshot.StartTimeStamp ?? DateTime.MinValue
        : null;

    /// <summary>Sleeps, but not longer than the process runs: a restarted one is checked at once.</summary>
    private async Task PauseAsync(string id, DateTime start, TimeSpan pause, CancellationToken cancellationToken)
    {
        var until = DateTime.UtcNow + pause;
        while (DateTime.UtcNow < until && StartOf(id) == start)
            await Task.Delay(PauseUntilHealthy, cancellationToken);
    }
}
