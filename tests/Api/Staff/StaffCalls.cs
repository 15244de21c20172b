using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Commerce.Audit;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Staff;

/// <summary>Calls of the staff side; paths begin after <c>/api/v1/admin</c>.</summary>
internal static class StaffCalls
{
    /// <param name="body">What becomes JSON; a string is sent as it is.</param>
    public static Task<HttpResponseMessage> AskAsync(this HttpClient client, HttpMethod method, string path, object? body = null, string? tag = null, string? reason = "because") =>
        client.CallAsync(method, $"/api/v1/admin{path}", tag, body, reason);

    /// <summary>The same by a whole path, such as one an answer gave.</summary>
    public static async Task<HttpResponseMessage> CallAsync(this HttpClient client, HttpMethod method, string path, string? tag, object? body, string? reason = "because")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            string json => new StringContent(json, Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body),
        };
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-Match", tag);
        request.Headers.TryAddWithoutValidation("X-Reason", Uri.EscapeDataString(reason ?? "")); // an empty one instead of the one every call of this client has
        return await client.SendAsync(request);
    }

    public static async Task<string> TagAsync(this HttpClient client, string path)
    {
        var response = await client.GetAsync($"/api/v1/admin{path}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.ETag!.Tag;
    }

    public static Task<JsonElement> ReadAsync(this HttpClient client, string path) => ShopApi.OkAsync(client.GetAsync($"/api/v1/admin{path}"));

    /// <summary>Changes what was just read, as one person alone would.</summary>
    public static async Task<JsonElement> EditAsync(this HttpClient client, string path, object body, string? readPath = null) =>
        await ShopApi.OkAsync(client.AskAsync(HttpMethod.Put, path, body, await client.TagAsync(readPath ?? path)));

    /// <summary>Two people read the same state and save at once, several times: one is heard, the others are told.</summary>
    public static async Task AssertOneOfManyWinsAsync(this HttpClient client, string path, Func<int, object> body, string? readPath = null)
    {
        await ShopApi.OkAsync(client.GetAsync($"/api/v1/admin{readPath ?? path}"));
        Assert.Equal((HttpStatusCode)428, (await client.AskAsync(HttpMethod.Put, path, body(0))).StatusCode);
        var tag = await client.TagAsync(readPath ?? path);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => client.AskAsync(HttpMethod.Put, path, body(i), tag)));
        var winner = Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a != winner), a => Assert.Equal(HttpStatusCode.PreconditionFailed, a.StatusCode));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await client.AskAsync(HttpMethod.Put, path, body(0), tag)).StatusCode);
        Assert.Equal(winner.Headers.ETag!.Tag, await client.TagAsync(readPath ?? path));
    }

    public static async Task AssertRefusedAsync(this HttpClient client, HttpMethod method, string path, object? body, int status, string code, string? tag = null, string? reason = "because")
    {
        var response = await client.AskAsync(method, path, body, tag, reason);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{method} {path}: {(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
    }

    /// <summary>The newest line of the trail about a thing: what was done, by whom, and why.</summary>
    public static async Task<(string Action, string Who, string? Why)> NewestAuditAsync(this ShopApi shop, string subject)
    {
        await using var db = shop.Open();
        var line = await db.Set<AuditEntry>().Where(a => a.Subject == subject).OrderByDescending(a => a.Id).FirstAsync();
        return (line.Action, line.ActorName, line.Reason);
    }

    public static async Task<int> AuditCountAsync(this ShopApi shop, string subject)
    {
        await using var db = shop.Open();
        return await db.Set<AuditEntry>().CountAsync(a => a.Subject == subject);
    }

    /// <summary>A machine with an API key of these scopes.</summary>
    public static async Task<HttpClient> MachineAsync(this ShopApi shop, params string[] scopes)
    {
        var made = await ShopApi.OkAsync(shop.Admin.AskAsync(HttpMethod.Post, "/api-keys", new { name = "robot", scopes }));
        var machine = shop.Guest();
        machine.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.GetProperty("secret").GetString());
        return machine;
    }
}
