using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Local.Stripe;
using Microsoft.AspNetCore.Builder;
using Stripe;
using Tests.Fixture;

namespace Tests.Stripe;

/// <summary>The emulator on a free port with a folder of its own, a receiver for its webhooks, Stripe's own client, and a shopper's browser.</summary>
internal sealed class StripeRun : IAsyncDisposable
{
    public const string WebhookSecret = "whsec_test_0123456789";
    private const string ApiKey = "sk_test_emulator";

    private readonly string _folder = TestFolders.CreatePrivate();
    private WebApplication _app;

    private StripeRun(WebhookReceiver receiver, WebApplication app)
    {
        Receiver = receiver;
        _app = app;
    }

    public WebhookReceiver Receiver { get; }

    public string Url => _app.Urls.First();

    public StripeClient Client { get; private set; } = null!;

    /// <summary>Goes to pages and controls; follows no redirects.</summary>
    public HttpClient Http { get; private set; } = null!;

    public static async Task<StripeRun> StartAsync()
    {
        var receiver = await WebhookReceiver.StartAsync();
        var run = new StripeRun(receiver, null!);
        await run.BootAsync();
        return run;
    }

    /// <summary>Stops the emulator and starts another one on the same folder.</summary>
    public async Task RestartAsync()
    {
        await _app.DisposeAsync();
        await BootAsync();
    }

    /// <summary>Stops the emulator, does something to its state file, and starts another one on it.</summary>
    public async Task DamageAsync(Func<string, Task> damage)
    {
        await _app.DisposeAsync();
        await damage(Path.Combine(_folder, "stripe.jsonl"));
        await BootAsync();
    }

    public StripeClient ClientWith(HttpClient http, int retries = 0, string key = ApiKey) => new(new StripeClientOptions
    {
        ApiKey = key,
        ApiBase = Url,
        HttpClient = new SystemNetHttpClient(http, retries, enableTelemetry: false),
    });

    public async Task<JsonNode> StateAsync() => (await Http.GetFromJsonAsync<JsonNode>("/_emulator/state"))!;

    public async Task ControlAsync(string path, object? body = null)
    {
        using var response = await Http.PostAsJsonAsync("/_emulator/" + path, body ?? new { });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>What the shopper types into the payment page and sends.</summary>
    public async Task<Page> PayAsync(string sessionUrl, string number, string expiry = "04/40", string cvc = "123", string email = "ada@example.com")
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["email"] = email,
            ["number"] = number,
            ["expiry"] = expiry,
            ["cvc"] = cvc,
            ["name"] = "Ada Example",
        });
        return await Page.ReadAsync(await Http.PostAsync(sessionUrl, form));
    }

    public async Task<Page> AnswerChallengeAsync(string sessionUrl, string answer)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["answer"] = answer });
        return await Page.ReadAsync(await Http.PostAsync(sessionUrl + "/challenge", form));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await Receiver.DisposeAsync();
        TestFolders.Delete(_folder);
    }

    private async Task BootAsync()
    {
        _app = StripeEmulator.Build(
        [
            "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning",
            "--Stripe:DataFolder", _folder, "--Stripe:WebhookUrl", Receiver.Url, "--Stripe:WebhookSecret", WebhookSecret,
        ]);
        await _app.StartAsync();
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(Url) };
        Client = ClientWith(new HttpClient());
    }
}

/// <summary>An answer of the payment page.</summary>
internal sealed record Page(HttpStatusCode Status, string? Location, string Html)
{
    public static async Task<Page> ReadAsync(HttpResponseMessage response)
    {
        using (response)
            return new Page(response.StatusCode, response.Headers.Location?.ToString(), await response.Content.ReadAsStringAsync());
    }
}
