using System.Text;
using System.Text.Json.Nodes;

namespace Tests;

/// <summary>What every control of every emulator does with what makes no sense: it says so in JSON, with what would have been taken.</summary>
internal static class Refused
{
    public const string Json = "application/json";
    public const string Form = "application/x-www-form-urlencoded";

    /// <summary>Sends it and asserts that it is refused; <paramref name="words"/> must be said.</summary>
    public static async Task AsAsync(HttpClient http, int status, string method, string path, string? body, params IEnumerable<string> words)
    {
        var answer = await SendAsync(http, status, method, path, body is null ? null : new StringContent(body, Encoding.UTF8, path.Contains("/page/", StringComparison.Ordinal) || path == "/faults" ? Form : Json));
        foreach (var word in words)
            Assert.Contains(word, answer.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
    }

    public static async Task<JsonNode> SendAsync(HttpClient http, int status, string method, string path, HttpContent? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body };
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{method} {path}: {(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var answer = JsonNode.Parse(text)!;
        Assert.Equal(status, (int)answer["status"]!);
        Assert.False(string.IsNullOrWhiteSpace((string?)answer["detail"]));
        Assert.NotNull(answer["accepted"]);
        return answer;
    }
}
