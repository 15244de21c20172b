using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Tests;

/// <summary>One model on the real orchestrator, used one after the other.</summary>
public class RunTests(RunningModel model) : IClassFixture<RunningModel>
{
    [Fact]
    public async Task A_project_runs_in_its_own_folder_and_becomes_healthy()
    {
        await model.HealthyAsync("web");
        using var client = model.Application.CreateHttpClient("web");
        Assert.EndsWith("Sample.Web-App", await client.GetStringAsync(new Uri("/folder", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_is_told_where_to_listen_and_where_telemetry_goes_but_not_what_the_AppHost_was_told()
    {
        await model.HealthyAsync("web");
        using var client = model.Application.CreateHttpClient("web");
        var variables = await client.GetFromJsonAsync<Dictionary<string, string>>(new Uri("/environment", UriKind.Relative)) ?? [];
        Assert.Matches(@"^http://localhost:\d+$", variables["ASPNETCORE_URLS"]);
        Assert.NotEqual(model.Application.GetEndpoint("web").Port, new Uri(variables["ASPNETCORE_URLS"]).Port);
        Assert.InRange(new Uri(variables["ASPNETCORE_URLS"]).Port, 20_000, 31_999); // what systems give to outgoing connections begins above
        Assert.Equal("http://localhost:4317", variables["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("grpc", variables["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal("web", variables["OTEL_SERVICE_NAME"]);
        Assert.StartsWith("service.instance.id=", variables["OTEL_RESOURCE_ATTRIBUTES"], StringComparison.Ordinal);
        Assert.DoesNotContain(variables.Keys, name => name.StartsWith("ASPIRE_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_string_is_made_of_addresses_and_parameters()
    {
        await model.HealthyAsync("web");
        var expected = $"Host=127.0.0.1;Port={model.Application.GetEndpoint("web").Port};Password=sesame";
        Assert.Equal(expected, await model.Application.GetConnectionStringAsync("shop"));
        Assert.EndsWith($"job says {expected}", await model.LineAsync("job", "job says"), StringComparison.Ordinal);
        await model.WhenAsync("job", snapshot => snapshot.ExitCode == 0);
    }

    [Fact]
    public async Task A_killed_resource_is_shown_as_exited_and_comes_back_on_the_same_port()
    {
        await model.HealthyAsync("web");
        var port = model.Application.GetEndpoint("web").Port;
        var killed = await model.ProcessOfWebAsync();
        using (var process = Process.GetProcessById(killed))
            process.Kill();

        var exited = await model.WhenAsync("web", snapshot => snapshot.State?.Text == KnownResourceStates.Exited);
        Assert.NotNull(exited.Snapshot.StopTimeStamp);

        Assert.True((await model.PressAsync("web", "start")).Success);
        await model.HealthyAsync("web");
        Assert.NotEqual(killed, await model.ProcessOfWebAsync());
        Assert.Equal(port, model.Application.GetEndpoint("web").Port);
    }

    [Fact]
    public async Task A_restart_is_another_process_on_the_same_port()
    {
        await model.HealthyAsync("web");
        var before = await model.ProcessOfWebAsync();
        Assert.True((await model.PressAsync("web", "restart")).Success);
        await model.HealthyAsync("web");
        Assert.NotEqual(before, await model.ProcessOfWebAsync());
    }

    [Fact]
    public async Task A_stopped_resource_stays_stopped_until_it_is_started()
    {
        await model.HealthyAsync("web");
        Assert.True((await model.PressAsync("web", "stop")).Success);
        await model.WhenAsync("web", snapshot => snapshot.State?.Text is "Exited" or "Finished");
        Assert.True((await model.PressAsync("web", "start")).Success);
        await model.HealthyAsync("web");
    }

    [Fact]
    public async Task A_failing_resource_shows_its_exit_code_and_fails_those_that_wait_for_it()
    {
        await model.PressAsync("bad", "start");
        var failed = await model.WhenAsync("bad", snapshot => snapshot.ExitCode is not null);
        Assert.Equal(3, failed.Snapshot.ExitCode);
        Assert.Equal(KnownResourceStates.Exited, failed.Snapshot.State?.Text);

        await model.PressAsync("after-bad", "start");
        await model.WhenAsync("after-bad", snapshot => snapshot.State?.Text == KnownResourceStates.FailedToStart);
        Assert.Contains("'bad'", await model.LineAsync("after-bad", "was not started"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_button_runs_its_code()
    {
        var result = await model.PressAsync("web", "greet");
        Assert.True(result.Success);
        Assert.Equal("Hello", result.Message);
        Assert.EndsWith("Hello from a button", await model.LineAsync("web", "Hello from"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fixed_port_in_use_is_an_error_that_names_port_and_resource()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var application = await RunningModel.StartAsync($"--Sample:WebPort={port}", "--DcpPublisher:RandomizePorts=false");
        using var limit = new CancellationTokenSource(RunningModel.Patience);
        var failed = await application.ResourceNotifications.WaitForResourceAsync("web", change => change.Snapshot.State?.Text == KnownResourceStates.FailedToStart, limit.Token);
        await foreach (var batch in ((ResourceLoggerService)application.Services.GetService(typeof(ResourceLoggerService))!).WatchAsync(failed.ResourceId).WithCancellation(limit.Token))
        {
            Assert.Contains(batch, line => line.Content.Contains($"Port {port} of resource 'web'", StringComparison.Ordinal));
            break;
        }

        await application.StopAsync(limit.Token);
    }
}
