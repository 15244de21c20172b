using System.Net.Http.Json;
using System.Text.Json;

namespace Tests.System;

/// <summary>The first admin of a stack at work, over the public door.</summary>
internal sealed class StaffSession : IDisposable
{
    private const string Admin = "/api/v1/admin";

    private readonly HttpClient _client;

    private StaffSession(HttpClient client) => _client = client;

    public static async Task<StaffSession> SignInAsync(Uri shop, string password)
    {
        var client = new HttpClient { BaseAddress = shop, Timeout = TimeSpan.FromMinutes(1) };
        client.DefaultRequestHeaders.Add("X-Reason", "test");
        (await client.PostAsJsonAsync("/api/v1/session", new { email = "admin@oddgrain.local", password })).EnsureSuccessStatusCode();
        return new StaffSession(client);
    }

    public async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await _client.GetStringAsync(Admin + path)).RootElement;

    /// <summary>A change that must succeed: with the ETag where one was read, and a key of its own.</summary>
    public async Task<(JsonElement Answer, string? ETag)> SendAsync(HttpMethod method, string path, HttpContent content, string? etag = null)
    {
        using var request = new HttpRequestMessage(method, Admin + path) { Content = content };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        if (etag is not null) request.Headers.TryAddWithoutValidation("If-Match", etag);
        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return (JsonDocument.Parse(text).RootElement, response.Headers.ETag?.Tag);
    }

    public Task<(JsonElement Answer, string? ETag)> SendAsync(HttpMethod method, string path, object body, string? etag = null) =>
        SendAsync(method, path, JsonContent.Create(body), etag);

    /// <summary>Imports a file and waits until it is done.</summary>
    public async Task<JsonElement> ImportAsync(HttpContent file)
    {
        var (run, _) = await SendAsync(HttpMethod.Post, "/imports", file);
        for (var tries = 0; tries < 600; tries++, await Task.Delay(200))
        {
            run = await GetAsync($"/imports/{run.GetProperty("id").GetString()}");
            if (run.GetProperty("state").GetString() is "done" or "failed") return run;
        }
        throw new TimeoutException("The import does not end.");
    }

    public void Dispose() => _client.Dispose();
}
