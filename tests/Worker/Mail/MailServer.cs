using System.Net.Http.Json;
using System.Text.Json;
using Local.Mail;
using Microsoft.AspNetCore.Builder;
using Tests.Fixture;

namespace Tests.Worker.Mail;

/// <summary>The mail emulator in this process, on ports and in a folder of its own.</summary>
public sealed class MailServer : IAsyncLifetime
{
    private readonly string _folder = TestFolders.CreatePrivate();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public int SmtpPort { get; private set; }

    public async ValueTask InitializeAsync()
    {
        _app = MailEmulator.Build(["--urls", "http://127.0.0.1:0", "--Mail:SmtpPort", "0", "--Mail:DataFolder", _folder, "--Mail:KeepAtMost", "200000", "--Logging:LogLevel:Default", "Warning"]);
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        SmtpPort = (await _http.GetFromJsonAsync<JsonElement>("/_emulator/smtp")).GetProperty("port").GetInt32();
    }

    public async Task ResetAsync() => (await _http.PostAsync("/_emulator/reset", null)).EnsureSuccessStatusCode();

    public async Task FaultAsync(object fault) => (await _http.PostAsJsonAsync("/_emulator/faults", fault)).EnsureSuccessStatusCode();

    /// <summary>Newest first, in full.</summary>
    public async Task<List<JsonElement>> MailsAsync()
    {
        var list = await _http.GetFromJsonAsync<JsonElement>("/api/messages");
        var mails = new List<JsonElement>();
        foreach (var item in list.GetProperty("items").EnumerateArray())
            mails.Add(await _http.GetFromJsonAsync<JsonElement>($"/api/messages/{item.GetProperty("id").GetString()}"));
        return mails;
    }

    public async Task<int> CopiesToAsync(string to) =>
        (await _http.GetFromJsonAsync<JsonElement>($"/api/messages?limit=1&to={Uri.EscapeDataString(to)}")).GetProperty("total").GetInt32();

    public static string? Header(JsonElement mail, string name) => mail.GetProperty("headers").EnumerateArray()
        .Where(header => string.Equals(header.GetProperty("name").GetString(), name, StringComparison.OrdinalIgnoreCase))
        .Select(header => header.GetProperty("value").GetString()).SingleOrDefault();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        TestFolders.Delete(_folder);
    }
}
