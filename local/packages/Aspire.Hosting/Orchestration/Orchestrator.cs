using System.Collections.Concurrent;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Runs the model: the one hosted service that starts and stops everything else.</summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model,
    DistributedApplicationOptions options,
    DistributedApplicationExecutionContext execution,
    IConfiguration configuration,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IDistributedApplicationEventing eventing,
    HealthCheckService healthChecks,
    IHostApplicationLifetime lifetime,
    IServiceProvider services,
    ILogger<DistributedApplication> console) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan ShutDownLimit = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<string, ResourceRunner> _runners = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _background = [];
    private DcpProcess? _dcp;
    private ProcessSession? _session;
    private DashboardHost? _dashboard;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await eventing.PublishAsync(new BeforeStartEvent(services, model), cancellationToken);
        foreach (var resource in model.Resources)
        {
            ResourceIds.Assign(resource);
            await notifications.PublishUpdateAsync(resource, known => known);
        }

        var bundle = await AspireBundle.EnsureAsync(PackagesFolder.Of(configuration), line => console.LogInformation("{Progress}", line), cancellationToken);
        await ContainerEngine.RequireAsync(bundle.Orchestrator, [.. model.Resources.OfType<ContainerResource>()], cancellationToken);
        _dcp = await DcpProcess.StartAsync(bundle.Orchestrator, cancellationToken);
        var endpoints = new Endpoints(_dcp.Client, configuration.GetValue<bool>("DcpPublisher:RandomizePorts"));
        var shared = new RunnerServices(
            _dcp.Client, endpoints, new Dependencies(notifications, logs, console), notifications, logs, eventing, execution, services, lifetime, SweepAsync, console);

        if (!options.DisableDashboard)
        {
            _dashboard = await DashboardHost.StartAsync(configuration, services, console, cancellationToken);
            await AddRunnerAsync(_dashboard.Resource(bundle.Dashboard), shared);
        }

        foreach (var resource in model.Resources.Where(resource => resource is ExecutableResource or ProjectResource or ContainerResource))
        {
            await endpoints.AllocateAsync(resource, cancellationToken);
            await AddRunnerAsync(resource, shared);
        }

        foreach (var kind in new[] { DcpKinds.Executable, DcpKinds.Container }.Where(IsUsed))
            _background.Add(WatchAsync(kind, _stopping.Token));

        _background.Add(new HealthMonitor(notifications, healthChecks, eventing, services).RunAsync(_stopping.Token));
        foreach (var resource in model.Resources.Where(resource => resource is not (ExecutableResource or ProjectResource or ContainerResource)))
            _background.Add(new PassiveResource(resource, shared).RunAsync(_stopping.Token));

        foreach (var runner in _runners.Values.Where(runner => !runner.Resource.Annotations.OfType<ExplicitStartupAnnotation>().Any()))
            _background.Add(runner.StartAsync());

        console.LogInformation("{Line}", _dashboard?.StartupLine ?? $"Aspire {AspireBundle.Version} subset of local/packages, without a dashboard");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_dcp is null)
            return;

        try
        {
            await _dcp.Client.ShutDownAsync(ShutDownLimit);
            if (_session is not null)
                await _session.SweepAsync(owner: null);
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or DistributedApplicationException or JsonException or IOException)
        {
            console.LogDebug(exception, "The orchestrator did not confirm its end; it ends by itself once this process is gone.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_dashboard is not null)
            await _dashboard.DisposeAsync();

        await Task.WhenAll(_background).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        foreach (var runner in _runners.Values)
            runner.Dispose();

        _session?.Dispose();
        _dcp?.Dispose();
        _stopping.Dispose();
    }

    private async Task SweepAsync(string owner)
    {
        if (_session is not null && await _session.SweepAsync(owner) is > 0 and var count)
            console.LogWarning("Ended {Count} processes that '{Owner}' left behind without a parent.", count, owner);
    }

    private bool IsUsed(string kind) => _runners.Values.Any(runner => ResourceSpec.KindOf(runner.Resource) == kind);

    private async Task AddRunnerAsync(IResource resource, RunnerServices shared)
    {
        ResourceIds.Assign(resource);
        var runner = new ResourceRunner(resource, shared, _stopping.Token);
        _runners[runner.Id] = runner;
        LifecycleCommands.Add(resource, runner.StartAsync, runner.StopAsync);
        // Shows the buttons just added.
        await notifications.PublishUpdateAsync(resource, known => known);
    }

    /// <summary>Follows the orchestrator's objects; when it is gone, so is the application.</summary>
    private async Task WatchAsync(string kind, CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in _dcp!.Client.WatchAsync(kind, cancellationToken))
                {
                    failures = 0;
                    await ChangedAsync(kind, change);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                if (++failures < 3)
                {
                    await Task.Delay(ReconnectPause, CancellationToken.None);
                    continue;
                }

                console.LogCritical("Aspire's orchestrator (dcp) has died, and with it every resource: stopping. {Reason}", exception.Message);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
        }
    }

    private async Task ChangedAsync(string kind, DcpWatchEvent change)
    {
        if (change.Type is not ("ADDED" or "MODIFIED") || change.Object["metadata"] is not { } metadata
            || metadata["name"]?.GetValue<string>() is not { } name || !_runners.TryGetValue(name, out var runner))
            return;

        var uid = metadata["uid"]?.GetValue<string>() ?? "";

        if (kind == DcpKinds.Container)
        {
            var container = change.Object["status"].Deserialize<ContainerStatus>(DcpJson.Options);
            await runner.ChangedAsync(uid, container?.State, pid: null, args: null, container?.ExitCode, container?.StartupTimestamp, container?.FinishTimestamp);
            return;
        }

        var executable = change.Object["status"].Deserialize<ExecutableStatus>(DcpJson.Options);
        if (executable is { State: "Running", Pid: { } pid })
            _session ??= ProcessSession.Of(pid);

        await runner.ChangedAsync(uid, executable?.State, executable?.Pid, executable?.EffectiveArgs, executable?.ExitCode, executable?.StartupTimestamp, executable?.FinishTimestamp);
    }
}
