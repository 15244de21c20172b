using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Local.Mail;
using Local.Mail.Smtp;
using MailKit.Net.Smtp;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Tests.Fixture;

namespace Tests.Mail;

/// <summary>The mail emulator on free ports with a folder of its own, and clients for its three doors: SMTP, JSON, pages.</summary>
internal sealed class MailRun : IAsyncDisposable
{
    private readonly string[] _settings;
    private WebApplication _app = null!;

    private MailRun(string[] settings) => _settings = settings;

    public string Folder { get; } = TestFolders.CreatePrivate();

    public int Port => _app.Services.GetRequiredService<SmtpListener>().Port;

    public HttpClient Http { get; private set; } = null!;

    public static async Task<MailRun> StartAsync(params string[] settings)
    {
        var run = new MailRun(settings);
        await run.BootAsync();
        return run;
    }

    public async Task RestartAsync()
    {
        await _app.DisposeAsync();
        await BootAsync();
    }

    public async Task<SmtpClient> ConnectAsync()
    {
        var client = new SmtpClient { Timeout = 20_000 };
        await client.ConnectAsync("127.0.0.1", Port, MailKit.Security.SecureSocketOptions.None);
        return client;
    }

    public async Task SendAsync(MimeMessage message)
    {
        using var client = await ConnectAsync();
        await client.SendAsync(message);
        await client.DisconnectAsync(quit: true);
    }

    /// <summary>A bare connection, greeting read.</summary>
    public async Task<RawSmtp> RawAsync()
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", Port);
        var raw = new RawSmtp(tcp);
        Assert.StartsWith("220 ", await raw.ReadAsync(), StringComparison.Ordinal);
        return raw;
    }

    public async Task<JsonNode> ListAsync(string query = "") => (await Http.GetFromJsonAsync<JsonNode>("/api/messages" + query))!;

    public async Task<JsonNode> OnlyMessageAsync()
    {
        var list = await ListAsync();
        Assert.Equal(1, (int)list["total"]!);
        return (await Http.GetFromJsonAsync<JsonNode>($"/api/messages/{list["items"]![0]!["id"]}"))!;
    }

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
        _app = MailEmulator.Build(
        [
            "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning",
            "--Mail:SmtpPort", "0", "--Mail:DataFolder", Folder, .. _settings,
        ]);
        await _app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }
}
