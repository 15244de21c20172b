using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tests.System.Drills;

/// <summary>What happens to the processes and the data when the whole stack is stopped or killed. Private stacks, one at a time.</summary>
public sealed class DrillTests(Stack stack) : IDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan WarmStart = TimeSpan.FromMinutes(3);

    private readonly string _state = PublicTemporaryFolder.Create("oddgrain-drill-");

    [Fact]
    public async Task Sigterm_stops_everything_within_15_seconds()
    {
        await using var appHost = await StartAsync();
        var stopping = Stopwatch.StartNew();
        appHost.Signal("TERM");
        var code = await appHost.WaitForExitAsync(StopLimit);
        var survivors = await appHost.SurvivorsAfterAsync(StopLimit - stopping.Elapsed);
        Assert.True(survivors.Count == 0, $"Left behind:\n{string.Join('\n', survivors)}\n{appHost.Output}");
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Sigkill_of_the_AppHost_leaves_no_process_after_20_seconds_and_loses_no_data()
    {
        string before;
        await using (var appHost = await StartAsync())
        {
            using var client = new HttpClient { BaseAddress = appHost.Shop };
            using var created = await client.PostAsync("/api/v1/baskets", content: null);
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            before = created.Headers.Location!.ToString();

            appHost.Signal("KILL");
            var survivors = await appHost.SurvivorsAfterAsync(TimeSpan.FromSeconds(20));
            Assert.True(survivors.Count == 0, $"Left behind:\n{string.Join('\n', survivors)}");
        }

        await using var again = await StartAsync();
        using var shopper = new HttpClient { BaseAddress = again.Shop };
        using var basket = await shopper.GetAsync(new Uri(before, UriKind.RelativeOrAbsolute));
        Assert.Equal(HttpStatusCode.OK, basket.StatusCode);
    }

    [Fact]
    public async Task A_port_in_use_is_an_error_that_names_the_port_and_the_resource()
    {
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        var port = ((IPEndPoint)squatter.LocalEndpoint).Port;

        await using var appHost = AppHostProcess.Start(_state, port);
        var words = await appHost.WaitForWordsAsync("is in use", TimeSpan.FromSeconds(60));

        Assert.Contains($"Port {port} of resource 'proxy'", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_folder_that_cannot_be_written_is_an_error_that_names_it()
    {
        var file = Path.Combine(_state, "a-file");
        await File.WriteAllTextAsync(file, "");

        await using var appHost = AppHostProcess.Start(Path.Combine(file, "below"));
        var code = await appHost.WaitForExitAsync(TimeSpan.FromSeconds(60));

        Assert.NotEqual(0, code);
        Assert.Contains(Path.Combine(file, "below"), appHost.Output, StringComparison.Ordinal);
        Assert.Contains("Local:StateFolder", appHost.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_state, recursive: true);

    private async Task<AppHostProcess> StartAsync()
    {
        // The shared stack has fetched, built and rendered everything: what starts here starts warm.
        Assert.NotNull(stack.Shop);
        var appHost = AppHostProcess.Start(_state);
        await appHost.WaitForShopAsync(WarmStart);
        return appHost;
    }
}
