using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stripe;

namespace Tests.Stripe;

/// <summary>A merchant's webhook endpoint: keeps what arrives, answers as told, verifies with Stripe's own library.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Delivery> _received = new();

    private WebhookReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First() + "/webhooks/stripe";

    /// <summary>The status of the next answers.</summary>
    public int Answer { get; set; } = StatusCodes.Status200OK;

    public IReadOnlyList<Delivery> Received => [.. _received];

    public IReadOnlyList<string> Types => [.. _received.Select(delivery => delivery.Event.Type)];

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.MapPost("/webhooks/stripe", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until that many events of a type have come; more are as good.</summary>
    public Task WaitForAsync(string type, int count = 1) =>
        WaitUntilAsync(() => Types.Count(received => received == type) >= count, $"{count} × {type}");

    public async Task WaitUntilAsync(Func<bool> condition, string what)
    {
        for (var watch = Stopwatch.StartNew(); !condition(); await Task.Delay(20))
            Assert.True(watch.Elapsed < Patience, $"No {what} within {Patience.TotalSeconds} s. Received: {string.Join(", ", Types)}");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        var verified = EventUtility.ConstructEvent(body, request.Headers["Stripe-Signature"], StripeRun.WebhookSecret);
        _received.Enqueue(new Delivery(verified, body, request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        return Results.StatusCode(Answer);
    }

    internal sealed record Delivery(Event Event, string Body, IReadOnlyDictionary<string, string> Headers);
}
