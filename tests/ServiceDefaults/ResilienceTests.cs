using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServiceDefaults;

namespace Tests.ServiceDefaultsTests;

/// <summary>What the shared defaults do to outgoing HTTP calls.</summary>
public sealed class ResilienceTests : IAsyncLifetime
{
    private WebApplication _server = null!;
    private IHost _client = null!;
    private int _calls;

    public async ValueTask InitializeAsync()
    {
        var server = WebApplication.CreateSlimBuilder();
        server.WebHost.UseUrls("http://127.0.0.1:0");
        server.Logging.ClearProviders();
        _server = server.Build();
        _server.Run(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref _calls) == 1 ? 503 : 200;
            return Task.CompletedTask;
        });
        await _server.StartAsync();

        var client = Host.CreateApplicationBuilder();
        client.Logging.ClearProviders();
        client.AddServiceDefaults();
        _client = client.Build();
    }

    [Theory]
    [InlineData("GET", false, 2)]
    [InlineData("HEAD", false, 2)]
    [InlineData("POST", false, 1)]
    [InlineData("PUT", false, 1)]
    [InlineData("DELETE", false, 1)]
    [InlineData("POST", true, 2)]
    public async Task Only_calls_that_cannot_act_twice_are_sent_again(string method, bool hasKey, int expected)
    {
        using var http = _client.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), _server.Urls.First());
        if (hasKey) request.Headers.Add("Idempotency-Key", "k1");
        using var answer = await http.SendAsync(request);
        Assert.Equal(expected, _calls);
        Assert.Equal(expected == 2 ? 200 : 503, (int)answer.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }
}
