using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>The shared parts every runner works with.</summary>
internal sealed record RunnerServices(
    DcpClient Client,
    Endpoints Endpoints,
    Dependencies Dependencies,
    ResourceNotificationService Notifications,
    ResourceLoggerService Logs,
    IDistributedApplicationEventing Eventing,
    DistributedApplicationExecutionContext Execution,
    IServiceProvider Services,
    IHostApplicationLifetime Lifetime,
    Func<string, Task> SweepOrphans,
    ILogger Console);

/// <summary>Starts, stops and restarts one process or container.</summary>
internal sealed class ResourceRunner(IResource resource, RunnerServices services, CancellationToken applicationStopping) : IDisposable
{
    private const int TailLines = 20;
    private static readonly TimeSpan LogDelay = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _kind = ResourceSpec.KindOf(resource);
    private readonly Lock _cancellation = new();
    private CancellationTokenSource? _starting;
    private CancellationTokenSource? _logs;
    private bool _created;
    private bool _stopAsked;
    private string? _lastState;
    private string? _object;
    private string? _removedObject;
    private Task _ending = Task.CompletedTask;

    public string Id { get; } = ResourceIds.Of(resource);

    public IResource Resource { get; } = resource;

    /// <summary>Starts the resource once its dependencies are ready. Never throws: a failure becomes the resource's state.</summary>
    public async Task StartAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        var starting = CancellationTokenSource.CreateLinkedTokenSource(applicationStopping);
        lock (_cancellation)
            _starting = starting;

        try
        {
            await StartCoreAsync(starting.Token);
        }
        catch (OperationCanceledException) when (starting.IsCancellationRequested || services.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await services.Notifications.PublishUpdateAsync(Resource, known => known with { State = KnownResourceStates.NotStarted });
        }
#pragma warning disable CA1031 // Whatever a model's callback throws is the resource's failure, not the application's.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await FailAsync(exception);
        }
        finally
        {
            lock (_cancellation)
                _starting = null;

            starting.Dispose();
            _gate.Release();
        }
    }

    /// <summary>Ends the process, or the wait before it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_cancellation)
            _starting?.Cancel();

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_created || Ended())
                return;

            _stopAsked = true;
            await services.Notifications.PublishUpdateAsync(Resource, known => known with { State = KnownResourceStates.Stopping });
            await services.Client.StopAsync(_kind, Id, cancellationToken);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(StopLimit);
            await services.Notifications.WaitForResourceAsync(Resource.Name, change => ResourceNotificationService.Ended(change.Snapshot), limit.Token);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes over what the orchestrator says of the process.</summary>
    /// <param name="uid">The object the orchestrator speaks of: after a restart, late words about the one before must not count.</param>
    /// <param name="state">The orchestrator's word for the state.</param>
    /// <param name="pid">The process.</param>
    /// <param name="args">What it was started with, ports filled in.</param>
    /// <param name="exitCode">Once it has ended.</param>
    /// <param name="started">UTC.</param>
    /// <param name="finished">UTC.</param>
    public async Task ChangedAsync(string uid, string? state, int? pid, IReadOnlyList<string>? args, int? exitCode, DateTime? started, DateTime? finished)
    {
        if (uid == _removedObject || string.IsNullOrEmpty(state) || (uid == _object && state == _lastState))
            return;

        _object = uid;
        _lastState = state;
        var ended = DcpStates.AreFinal(state);
        await services.Notifications.PublishUpdateAsync(Resource, known => known with
        {
            State = DcpStates.Shown(state, exitCode),
            StartTimeStamp = started ?? known.StartTimeStamp,
            StopTimeStamp = ended ? finished ?? DateTime.UtcNow : null,
            ExitCode = ended ? exitCode : null,
            Properties = ResourceProperties.With(known.Properties, pid, args),
            Urls = [.. known.Urls.Select(url => url with { IsInactive = ended })],
        });
        if (ended)
            _ending = EndedAsync(state, exitCode);
    }

    public void Dispose()
    {
        _logs?.Cancel();
        _logs?.Dispose();
        _gate.Dispose();
    }

    private async Task StartCoreAsync(CancellationToken cancellationToken)
    {
        if (_created && !Ended())
            return;

        await _ending;
        await services.Dependencies.WaitAsync(Resource, cancellationToken);
        await services.Eventing.PublishAsync(new BeforeResourceStartedEvent(Resource, services.Services), cancellationToken);
        await RemoveAsync(cancellationToken);
        await services.Endpoints.ClaimAsync(Resource, cancellationToken);
        var resolved = await ResourceSpec.ResolveAsync(Resource, services.Execution, cancellationToken);
        var urls = await ResourceUrls.ResolveAsync(Resource, cancellationToken);
        await services.Notifications.PublishUpdateAsync(Resource, known => known with
        {
            State = KnownResourceStates.Starting,
            StartTimeStamp = null,
            StopTimeStamp = null,
            ExitCode = null,
            EnvironmentVariables = [.. resolved.Env.Select(variable => new EnvironmentVariableSnapshot(variable.Name, variable.Value, IsFromSpec: true))],
            HealthReports = [.. Resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => new HealthReportSnapshot(check.Key, Status: null, Description: null, ExceptionText: null))],
            Urls = urls,
        });
        _stopAsked = false;
        _lastState = null;
        _created = true;
        await CreateAsync(resolved, cancellationToken);
        FollowLogs();
    }

    private async Task CreateAsync(ResolvedResource resolved, CancellationToken cancellationToken)
    {
        if (Resource is ContainerResource container)
        {
            await services.Client.CreateAsync(ResourceSpec.Container(container, resolved), cancellationToken);
            return;
        }

        var executable = ResourceSpec.Executable(Resource, resolved);
        await services.Notifications.PublishUpdateAsync(Resource, known => known with { Properties = [.. ResourceProperties.Of(Resource, executable.Spec)] });
        // The orchestrator would only say that it could not be started.
        if (!DotNetHost.CanFind(executable.Spec.ExecutablePath))
            throw new DistributedApplicationException($"'{executable.Spec.ExecutablePath}' is not on the PATH.");
        await services.Client.CreateAsync(executable, cancellationToken);
    }

    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        if (!_created)
            return;

        _removedObject = _object;
        await services.Client.DeleteAsync(_kind, Id, cancellationToken);
        _created = false;
    }

    private void FollowLogs()
    {
        _logs?.Cancel();
        _logs?.Dispose();
        _logs = CancellationTokenSource.CreateLinkedTokenSource(applicationStopping);
        string[] sources = Resource is ContainerResource ? ["startup_stderr", "stdout", "stderr"] : ["stdout", "stderr"];
        foreach (var source in sources)
            _ = LogFollower.FollowAsync(services.Client, services.Logs, _kind, Id, source, _logs.Token);
    }

    private async Task EndedAsync(string state, int? exitCode)
    {
        await Task.Yield();
        if (services.Lifetime.ApplicationStopping.IsCancellationRequested)
            return;

        // What a killed launcher leaves behind holds ports and data folders that the next start needs.
        await services.SweepOrphans(Id);
        if (!_stopAsked && exitCode is not 0)
        {
            // The log arrives by another connection and may still be on its way.
            await Task.Delay(LogDelay, CancellationToken.None);
            var words = state == "FailedToStart" ? "could not be started" : exitCode is null or < 0 ? "was killed" : $"exited with code {exitCode}";
            services.Console.LogError("'{Resource}' {What}.{Tail}", Resource.Name, words, Tail());
        }

        if (!services.Notifications.TryGetCurrentState(Id, out var last))
            return;

        try
        {
            await services.Eventing.PublishAsync(new ResourceStoppedEvent(Resource, services.Services, last), applicationStopping);
        }
#pragma warning disable CA1031 // A subscriber's failure must not keep the resource from being started again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            services.Console.LogError(exception, "A subscriber to the end of '{Resource}' failed", Resource.Name);
        }
    }

    private async Task FailAsync(Exception exception)
    {
        services.Logs.GetLogger(Id).LogError(exception is DistributedApplicationException ? null : exception, "{Message}", exception.Message);
        await services.Notifications.PublishUpdateAsync(Resource, known => known with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, "error"),
            StopTimeStamp = DateTime.UtcNow,
        });
        services.Console.LogError("'{Resource}' could not be started: {Message}", Resource.Name, exception.Message);
    }

    private string Tail()
    {
        var lines = services.Logs.Tail(Id, TailLines);
        return lines.Count == 0 ? "" : $" Its last log lines:{string.Concat(lines.Select(line => Environment.NewLine + "  " + LogFollower.WithoutTime(line.Content)))}";
    }

    private bool Ended() => services.Notifications.TryGetCurrentState(Id, out var state) && ResourceNotificationService.Ended(state.Snapshot);
}
