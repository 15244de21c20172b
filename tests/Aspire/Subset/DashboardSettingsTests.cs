using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tests.Subset;

public class DashboardSettingsTests
{
    [Fact]
    public void Anonymous_access_opens_the_pages_but_neither_telemetry_intake_nor_the_resource_service()
    {
        var environment = Read(("ASPIRE_ALLOW_UNSECURED_TRANSPORT", "true"), ("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", "true"), ("ASPNETCORE_URLS", "http://localhost:18888"));
        Assert.Equal("http://localhost:18888", environment["ASPNETCORE_URLS"]);
        Assert.Equal("Unsecured", environment["DASHBOARD__FRONTEND__AUTHMODE"]);
        Assert.Equal("Unsecured", environment["DASHBOARD__API__AUTHMODE"]);
        Assert.Equal("ApiKey", environment["DASHBOARD__OTLP__AUTHMODE"]);
        Assert.Equal("ApiKey", environment["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"]);
        Assert.NotEqual(environment["DASHBOARD__OTLP__PRIMARYAPIKEY"], environment["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"]);
    }

    [Fact]
    public void Without_anonymous_access_the_pages_want_a_token_and_the_telemetry_interface_the_configured_key()
    {
        var environment = Read(("ASPIRE_ALLOW_UNSECURED_TRANSPORT", "true"), ("AppHost:DashboardApiKey", "sesame"));
        Assert.Equal("BrowserToken", environment["DASHBOARD__FRONTEND__AUTHMODE"]);
        Assert.NotEmpty(environment["DASHBOARD__FRONTEND__BROWSERTOKEN"]);
        Assert.Equal("sesame", environment["DASHBOARD__API__PRIMARYAPIKEY"]);
    }

    [Fact]
    public void Http_is_refused_unless_it_is_allowed() =>
        Assert.Contains("ASPIRE_ALLOW_UNSECURED_TRANSPORT", Assert.Throws<DistributedApplicationException>(() => Read()).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_port_in_use_is_told_with_what_moves_it()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var configuration = new ConfigurationManager { ["ASPNETCORE_URLS"] = $"http://localhost:{port}", ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true" };
        await using var services = new ServiceCollection().AddSingleton(DashboardSettings.Read(configuration, allowUnsecuredTransport: false)).BuildServiceProvider();
        var refused = await Assert.ThrowsAsync<DistributedApplicationException>(() => DashboardHost.StartAsync(configuration, services, NullLogger.Instance, CancellationToken.None));
        Assert.Equal($"Port {port} of the dashboard is in use by another program: stop it, or give another address by --ASPNETCORE_URLS=http://localhost:<port>.", refused.Message);
    }

    private static Dictionary<string, string> Read(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        foreach (var (name, value) in settings)
            configuration[name] = value;

        return DashboardSettings.Read(configuration, allowUnsecuredTransport: false).Environment().ToDictionary(entry => entry.Name, entry => entry.Value);
    }
}
