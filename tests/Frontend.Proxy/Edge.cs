using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Tests;

/// <summary>The edge as it ships, on a port of its own, with two upstreams and a media folder.</summary>
public sealed class Edge : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-tests-");
    private WebApplicationFactory<Program> _factory = null!;

    public Upstream Api { get; private set; } = null!;

    public Upstream Frontend { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public Dictionary<string, string> Settings { get; } = [];

    public string MediaFolder => Path.Combine(_folder.FullName, "media");

    public string CacheFolder => Path.Combine(_folder.FullName, "cache");

    public Uri Address => _factory.ClientOptions.BaseAddress;

    public IServiceProvider Services => _factory.Services;

    public async ValueTask InitializeAsync()
    {
        Api = await Upstream.StartAsync();
        Frontend = await Upstream.StartAsync();
        Settings.TryAdd("services:api:http:0", Api.Address);
        Settings.TryAdd("services:frontend:http:0", Frontend.Address);
        Settings.TryAdd("Media:Folder", MediaFolder);
        Settings.TryAdd("Media:CacheFolder", CacheFolder);
        foreach (var category in new[] { "Default", "Yarp", "Microsoft.AspNetCore" })
            Settings.TryAdd($"Logging:LogLevel:{category}", "None");
        // Spans are only made where somebody receives them; that nobody listens on port 9 does not matter here.
        Settings.TryAdd("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
        Settings["urls"] = "http://127.0.0.1:0";
        _factory = new Configured(Settings);
        _factory.UseKestrel();
        _factory.StartServer();
        Client = NewClient();
    }

    /// <summary>A client that sends exactly what a test says: no redirects, no cookies, no unpacking, no traceparent of its own.</summary>
    public HttpClient NewClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None, ActivityHeadersPropagator = null })
        {
            BaseAddress = Address,
            Timeout = TimeSpan.FromSeconds(60),
        };

    /// <summary>What is answered to a GET whose address and further header no client would send: a char, a byte.</summary>
    public async Task<string> AskRawAsync(string pathAndQuery, string header)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(Address.Host, Address.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET {pathAndQuery} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_factory is not null)
            await _factory.DisposeAsync();
        await Api.DisposeAsync();
        await Frontend.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private sealed class Configured(Dictionary<string, string> settings) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            foreach (var (key, value) in settings)
                builder.UseSetting(key, value);
        }
    }
}
