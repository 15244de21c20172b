using System.Globalization;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Tests;

/// <summary>The sample AppHost, running on the real orchestrator.</summary>
public sealed partial class RunningModel : IAsyncLifetime
{
    /// <summary>A machine busy with a whole build starts processes slowly.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>The first start on a machine fetches the orchestrator.</summary>
    private static readonly TimeSpan FirstStart = TimeSpan.FromMinutes(5);

    private DistributedApplication? _application;

    public DistributedApplication Application => _application ?? throw new InvalidOperationException("The model has not been started.");

    public async ValueTask InitializeAsync() => _application = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_application is null)
            return;

        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    public static async Task<DistributedApplication> StartAsync(params string[] args)
    {
        using var limit = new CancellationTokenSource(FirstStart);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleHost>(args, limit.Token);
        var application = await builder.BuildAsync(limit.Token);
        await application.StartAsync(limit.Token);
        return application;
    }

    public async Task<ResourceEvent> WhenAsync(string name, Func<CustomResourceSnapshot, bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        return await Application.ResourceNotifications.WaitForResourceAsync(name, change => condition(change.Snapshot), limit.Token);
    }

    public async Task HealthyAsync(string name)
    {
        using var limit = new CancellationTokenSource(Patience);
        await Application.ResourceNotifications.WaitForResourceHealthyAsync(name, limit.Token);
    }

    public async Task<int> ProcessOfWebAsync()
    {
        using var client = Application.CreateHttpClient("web");
        var answer = await client.GetStringAsync(new Uri("/", UriKind.Relative));
        return int.Parse(ProcessNumber().Match(answer).Value, CultureInfo.InvariantCulture);
    }

    public async Task<ExecuteCommandResult> PressAsync(string resource, string command)
    {
        using var limit = new CancellationTokenSource(Patience);
        return await Application.ResourceCommands.ExecuteCommandAsync(Id(resource), command, limit.Token);
    }

    /// <summary>Waits for a line in a resource's log.</summary>
    public async Task<string> LineAsync(string resource, string part)
    {
        using var limit = new CancellationTokenSource(Patience);
        var logs = Application.Services.GetRequiredService<ResourceLoggerService>();
        await foreach (var batch in logs.WatchAsync(Id(resource)).WithCancellation(limit.Token))
        {
            foreach (var line in batch.Where(line => line.Content.Contains(part, StringComparison.Ordinal)))
                return line.Content;
        }

        throw new InvalidOperationException($"The log of '{resource}' ended without '{part}'.");
    }

    private string Id(string resource) => Application.ResourceNotifications.TryGetCurrentState(resource, out var state)
        ? state.ResourceId
        : throw new InvalidOperationException($"Nothing is known of '{resource}'.");

    [GeneratedRegex(@"\d+")]
    private static partial Regex ProcessNumber();
}
