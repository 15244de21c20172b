using Aspire.Hosting.Testing;

namespace Tests.System.Drills;

/// <summary>The AppHost as it is wired, not started.</summary>
public sealed class DashboardPortTests : IDisposable
{
    private readonly string _state = PublicTemporaryFolder.Create("oddgrain-ports-");

    [Fact]
    public async Task The_dashboard_moves_with_the_two_ports_behind_it()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>([$"--Local:StateFolder={_state}", "--Ports:dashboard=19100"]);
        Assert.Equal(
            ["http://localhost:19100", "http://localhost:19101", "http://localhost:19102"],
            new[] { "ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL" }.Select(setting => builder.Configuration[setting]));
    }

    [Theory]
    [InlineData("65534", "Ports:dashboard=65534 leaves no room for the two ports after it; accepted are 1 to 65533.")]
    [InlineData("many", "Ports:dashboard=many is not a port; accepted are 1 to 65535.")]
    public async Task What_is_no_port_for_it_is_refused(string port, string words)
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() =>
            DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>([$"--Local:StateFolder={_state}", $"--Ports:dashboard={port}"]));
        Assert.Contains(words, refused.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_state, recursive: true);
}
