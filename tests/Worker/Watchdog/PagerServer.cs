using System.Net.Http.Json;
using System.Text.Json;
using Local.PagerDuty;
using Microsoft.AspNetCore.Builder;
using Tests.Fixture;

namespace Tests.Worker.Watchdog;

/// <summary>The PagerDuty emulator in this process, on a port and in a folder of its own.</summary>
public sealed class PagerServer : IAsyncLifetime
{
    public const string Key = "0123456789abcdef0123456789abcdef";

    private readonly string _folder = TestFolders.CreatePrivate();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public string Url => _app.Urls.First();

    public async ValueTask InitializeAsync()
    {
        _app = PagerDutyEmulator.Build(["--urls", "http://127.0.0.1:0", "--PagerDuty:DataFolder", _folder, "--PagerDuty:RoutingKey", Key, "--Logging:LogLevel:Default", "Warning"]);
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(Url) };
    }

    public async Task ResetAsync() => (await _http.PostAsync("/_emulator/reset", null)).EnsureSuccessStatusCode();

    public async Task FaultAsync(object fault) => (await _http.PostAsJsonAsync("/_emulator/faults", fault)).EnsureSuccessStatusCode();

    public async Task ClearFaultsAsync() => (await _http.DeleteAsync("/_emulator/faults")).EnsureSuccessStatusCode();

    /// <summary>Newest first.</summary>
    public async Task<List<JsonElement>> IncidentsAsync() => [.. (await _http.GetFromJsonAsync<JsonElement>("/_emulator/incidents")).EnumerateArray()];

    public async Task<string> StatusesAsync() => string.Join(", ", (await IncidentsAsync()).Select(incident => incident.GetProperty("status").GetString()));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        TestFolders.Delete(_folder);
    }
}
