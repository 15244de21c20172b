using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Tests.System.Otlp;

[assembly: AssemblyFixture(typeof(Tests.System.Stack))]

namespace Tests.System;

/// <summary>
/// The real AppHost, started once for all tests of this assembly: random ports, a data folder of its own, telemetry sent to
/// the tests' own collector. Destructive tests start a private one.
/// </summary>
public sealed class Stack : IAsyncLifetime
{
    /// <summary>Downloads, the storefront's build and the first rendering of the pictures all count on a fresh clone.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(20);

    private readonly string _state = PublicTemporaryFolder.Create("oddgrain-stack-");
    private DistributedApplication? _app;
    private OtlpCollector? _collector;

    public DistributedApplication App => _app ?? throw new InvalidOperationException("The stack is not started.");

    public OtlpCollector Collector => _collector ?? throw new InvalidOperationException("The stack is not started.");

    public Uri Shop => App.GetEndpoint("proxy", "http");

    public Uri MailPage => App.GetEndpoint("mail", "http");

    /// <summary>What the dashboard shows as the parameter admin-password.</summary>
    public string AdminPassword => File.ReadAllText(Path.Combine(_state, "secrets", "admin"));

    public Uri StripeApi => App.GetEndpoint("stripe", "http");

    public async ValueTask InitializeAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        _collector = await OtlpCollector.StartAsync();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [$"--Local:StateFolder={_state}", $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL={_collector.Endpoint}"], limit.Token);
        _app = await builder.BuildAsync(limit.Token);
        await _app.StartAsync(limit.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("proxy", limit.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("worker", limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_collector is not null)
            await _collector.DisposeAsync();
        Directory.Delete(_state, recursive: true);
    }
}
