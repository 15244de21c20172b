using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>An application made of resources.</summary>
/// <param name="host">The host that runs it.</param>
public class DistributedApplication(IHost host) : IHost
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _isUnderTest;

    internal DistributedApplication(IHost host, bool isUnderTest)
        : this(host) => _isUnderTest = isUnderTest;

    /// <inheritdoc />
    public IServiceProvider Services => host.Services;

    /// <summary>Knows the present state of every resource.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>Presses buttons.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>Begins a model.</summary>
    /// <param name="args">The AppHost's arguments, read as settings.</param>
    /// <returns>The builder.</returns>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    /// <summary>Begins a model.</summary>
    /// <param name="options">What it is built with.</param>
    /// <returns>The builder.</returns>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Runs until told to stop, by a signal or by <see cref="IHostApplicationLifetime"/>.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs until told to stop. What keeps the application from starting is written to the console, and the exit code is 1.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Completed when everything has ended.</returns>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_isUnderTest)
        {
            // The test starts and stops the application; the AppHost's Main only has to stay where it is meanwhile.
            await _disposed.Task.WaitAsync(cancellationToken);
            return;
        }

        try
        {
            await host.RunAsync(cancellationToken);
        }
        catch (DistributedApplicationException exception)
        {
            await Console.Error.WriteLineAsync($"AppHost: {exception.Message}");
            Environment.ExitCode = 1;
        }
        catch (OperationCanceledException) when (Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
        {
            // Stopped while still starting.
        }
    }

    /// <summary>Starts every resource; some may still be waiting for others when this returns.</summary>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>Completed when every address is known.</returns>
    public virtual Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    /// <summary>Stops every resource.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Completed when everything has ended.</returns>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    Task IHost.StartAsync(CancellationToken cancellationToken) => StartAsync(cancellationToken);

    Task IHost.StopAsync(CancellationToken cancellationToken) => StopAsync(cancellationToken);

    /// <inheritdoc />
    public virtual void Dispose()
    {
        host.Dispose();
        _disposed.TrySetResult();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops and forgets everything.</summary>
    /// <returns>Completed when everything has ended.</returns>
    public virtual async ValueTask DisposeAsync()
    {
        // A test that only disposes must not leave the processes to the orchestrator's own watch over the test runner.
        var lifetime = Services.GetRequiredService<IHostApplicationLifetime>();
        if (lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopped.IsCancellationRequested)
            await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
        _disposed.TrySetResult();
        GC.SuppressFinalize(this);
    }
}
