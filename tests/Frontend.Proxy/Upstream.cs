using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Tests;

/// <summary>A service behind the edge: real Kestrel on an allocated port, answering as a test says, remembering what it was asked.</summary>
public sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Upstream(WebApplication app) => _app = app;

    public RequestDelegate Answer { get; set; } = context => context.Response.WriteAsync("hello");

    public ConcurrentQueue<Asked> Requests { get; } = new();

    public Asked Last => Requests.Last();

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>The UTF-8 of a text: a char, a byte.</summary>
    public static string BytesOf(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    public static async Task<Upstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1; // a char, a byte
        });
        var app = builder.Build();
        var upstream = new Upstream(app);
        app.UseWebSockets();
        app.Run(async context =>
        {
            upstream.Requests.Enqueue(new Asked(
                context.Request.Method,
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            await upstream.Answer(context);
        });
        await app.StartAsync();
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    public sealed record Asked(string Method, string Path, IReadOnlyDictionary<string, string> Headers);
}
