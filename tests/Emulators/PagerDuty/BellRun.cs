using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Local.PagerDuty;
using Microsoft.AspNetCore.Builder;
using Tests.Fixture;

namespace Tests.PagerDuty;

/// <summary>The PagerDuty emulator on a free port with a folder of its own.</summary>
internal sealed class BellRun : IAsyncDisposable
{
    public const string Key = "0123456789abcdef0123456789ABCDEF";

    private readonly string[] _settings;
    private WebApplication _app = null!;

    private BellRun(string[] settings) => _settings = settings;

    public string Folder { get; } = TestFolders.CreatePrivate();

    public HttpClient Http { get; private set; } = null!;

    public static async Task<BellRun> StartAsync(params string[] settings)
    {
        var run = new BellRun(settings);
        await run.BootAsync();
        return run;
    }

    /// <summary>Stops the emulator, does something to its events' file, and starts another one on it.</summary>
    public async Task RestartAsync(Func<string, Task>? damage = null)
    {
        await _app.DisposeAsync();
        if (damage is not null) await damage(Path.Combine(Folder, "events.jsonl"));
        await BootAsync();
    }

    /// <summary>A trigger as documented, for a test to change.</summary>
    public static JsonObject Trigger(string dedupKey = "shop/outbox", string summary = "The outbox is stuck", string severity = "critical") => new()
    {
        ["routing_key"] = Key,
        ["event_action"] = "trigger",
        ["dedup_key"] = dedupKey,
        ["client"] = "Oddgrain",
        ["client_url"] = "https://shop.example/",
        ["payload"] = new JsonObject
        {
            ["summary"] = summary,
            ["source"] = "worker-1",
            ["severity"] = severity,
            ["timestamp"] = "2015-07-17T08:42:58.315+0000",
            ["component"] = "outbox",
            ["custom_details"] = new JsonObject { ["oldest"] = "PT5M" },
        },
        ["links"] = new JsonArray(new JsonObject { ["href"] = "https://shop.example/runbook", ["text"] = "Runbook" }),
        ["images"] = new JsonArray(new JsonObject { ["src"] = "https://shop.example/chart.png" }),
    };

    public static JsonObject Follow(string action, string dedupKey = "shop/outbox", string key = Key) =>
        new() { ["routing_key"] = key, ["event_action"] = action, ["dedup_key"] = dedupKey };

    public async Task<(HttpStatusCode Status, JsonNode Answer)> SendAsync(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync("/v2/enqueue", content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    public Task<(HttpStatusCode Status, JsonNode Answer)> SendAsync(JsonObject body) => SendAsync(body.ToJsonString());

    public async Task AcceptAsync(JsonObject body)
    {
        var (status, answer) = await SendAsync(body);
        Assert.True(status == HttpStatusCode.Accepted, answer.ToJsonString());
    }

    public async Task<JsonArray> IncidentsAsync() => (await Http.GetFromJsonAsync<JsonArray>("/_emulator/incidents"))!;

    public async Task FaultAsync(object fault)
    {
        using var response = await Http.PostAsJsonAsync("/_emulator/faults", fault);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        TestFolders.Delete(Folder);
    }

    private async Task BootAsync()
    {
        _app = PagerDutyEmulator.Build(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning", "--PagerDuty:DataFolder", Folder, .. _settings]);
        await _app.StartAsync();
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_app.Urls.First()) };
    }
}
