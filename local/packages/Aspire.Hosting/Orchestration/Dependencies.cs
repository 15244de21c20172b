using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Holds a resource back until what it waits for is ready.</summary>
internal sealed class Dependencies(ResourceNotificationService notifications, ResourceLoggerService logs, ILogger console)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<string, DateTime> _told = new();

    /// <summary>Completes when every dependency is ready.</summary>
    /// <exception cref="DistributedApplicationException">A dependency ended in a way that cannot become ready; names it.</exception>
    public async Task WaitAsync(IResource resource, CancellationToken cancellationToken)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().DistinctBy(wait => (wait.Resource, wait.WaitType)).ToList();
        if (waits.Count == 0)
            return;

        await notifications.PublishUpdateAsync(resource, known => known with { State = KnownResourceStates.Waiting });
        // The first failure ends the other waits.
        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var open = waits.Select(wait => WaitAsync(resource, wait, others.Token)).ToList();
        while (open.Count > 0)
        {
            var done = await Task.WhenAny(open);
            open.Remove(done);
            if (done.IsCompletedSuccessfully)
                continue;

            await others.CancelAsync();
            await Task.WhenAll(open).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            await done;
        }
    }

    private async Task WaitAsync(IResource resource, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var name = wait.Resource.Name;
        logs.GetLogger(resource).LogInformation("Waiting for resource '{Name}' to {What}", name, What(wait));
        var waiting = notifications.WaitForResourceAsync(name, change => Settled(wait, change.Snapshot), cancellationToken);
        while (await Task.WhenAny(waiting, Task.Delay(ProgressEvery, cancellationToken)) != waiting)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Tell(name);
        }

        var seen = (await waiting).Snapshot;
        if (!Ready(wait, seen))
            throw new DistributedApplicationException($"'{resource.Name}' was not started because it waits for '{name}' to {What(wait)}, which {Describe(seen)}.");
    }

    /// <summary>Says on the console what keeps the others waiting, once for all of them. What waits itself is no news: its own dependency is.</summary>
    private void Tell(string name)
    {
        if (!notifications.TryGetCurrentState(name, out var state) || state.Snapshot.State?.Text == KnownResourceStates.Waiting)
            return;

        var now = DateTime.UtcNow;
        // Half a turn of grace: the waits of one dependency do not tick together.
        if (_told.AddOrUpdate(name, now, (_, before) => now - before < ProgressEvery / 2 ? before : now) != now)
            return;

        var line = logs.Tail(state.ResourceId, 1) is [var last] ? $" It says: {LogFollower.WithoutTime(last.Content).Trim()}" : "";
        console.LogInformation("Waiting for '{Name}', which {State}.{Line}", name, Describe(state.Snapshot).TrimEnd('.'), line);
    }

    private static bool Settled(WaitAnnotation wait, CustomResourceSnapshot snapshot) =>
        Ready(wait, snapshot) || (wait.WaitBehavior != WaitBehavior.WaitOnResourceUnavailable && ResourceNotificationService.Ended(snapshot));

    private static bool Ready(WaitAnnotation wait, CustomResourceSnapshot snapshot) => wait.WaitType switch
    {
        WaitType.WaitUntilHealthy => snapshot.HealthStatus == HealthStatus.Healthy,
        WaitType.WaitUntilStarted => snapshot.State?.Text == KnownResourceStates.Running,
        WaitType.WaitForCompletion => snapshot.State?.Text is { } state
            && (state == KnownResourceStates.Finished || state == KnownResourceStates.Exited)
            && snapshot.ExitCode == wait.ExitCode,
        _ => false,
    };

    private static string What(WaitAnnotation wait) => wait.WaitType switch
    {
        WaitType.WaitUntilHealthy => "be healthy",
        WaitType.WaitUntilStarted => "run",
        _ => $"end with exit code {wait.ExitCode}",
    };

    private static string Describe(CustomResourceSnapshot snapshot)
    {
        var state = $"is {snapshot.State?.Text ?? "unknown"}{ResourceNotificationService.ExitCodeWords(snapshot)}";
        var failing = snapshot.HealthReports.FirstOrDefault(report => report.Status is not HealthStatus.Healthy);
        return snapshot.HealthStatus is null or HealthStatus.Healthy || failing is null
            ? state
            : $"{state}, but its health check '{failing.Name}' says: {failing.Description ?? failing.ExceptionText ?? "no answer yet"}";
    }
}
