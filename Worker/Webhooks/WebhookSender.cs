using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Commerce;
using Commerce.Webhooks;
using Microsoft.Extensions.Options;

namespace Worker.Webhooks;

/// <summary>What came of a call; without a status there was no answer.</summary>
public sealed record WebhookAnswer(int? Status, TimeSpan Took, string Response)
{
    public bool IsGood => Status is >= 200 and < 300;

    /// <summary>The receiver says that it wants no more.</summary>
    public bool IsGone => Status == (int)HttpStatusCode.Gone;
}

/// <summary>Calls an endpoint: signed as Standard Webhooks lays down, no redirects, nothing inside our own network, a bounded answer.</summary>
public sealed class WebhookSender : IDisposable
{
    /// <summary>Bytes: enough for what is kept in any script.</summary>
    private const int MaxRead = 3 * WebhookAttempt.MaxResponse;

    private readonly HttpClient _http;
    private readonly TimeSpan _answerWithin;

    public WebhookSender(IOptions<WebhookOptions> options)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        if (!options.Value.AllowPrivateAddresses) handler.ConnectCallback = OutsideOnly.ConnectAsync;
        _answerWithin = options.Value.AnswerWithin;
        // Its own limit would end with the headers.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Oddgrain-Webhooks", "1"));
    }

    public async Task<WebhookAnswer> SendAsync(WebhookEndpoint endpoint, WebhookEvent happened, DateTimeOffset now, CancellationToken cancellation)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new StringContent(happened.Body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", happened.WireId);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", string.Join(' ', endpoint.SecretsAt(now).Select(secret => Sign(secret, happened.WireId, timestamp, happened.Body))));
        var started = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_answerWithin);
        HttpStatusCode? begun = null;
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            begun = response.StatusCode;
            var beginning = await BeginningAsync(response, limit.Token);
            return new WebhookAnswer((int)begun, Stopwatch.GetElapsedTime(started), beginning.CutTo(WebhookAttempt.MaxResponse));
        }
        catch (Exception error) when (error is HttpRequestException or IOException or SocketException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            var words = error is not OperationCanceledException ? error.Message : begun is null ? "No answer in time." : $"An answer of {(int)begun} began and did not end in time.";
            return new WebhookAnswer(null, Stopwatch.GetElapsedTime(started), words.CutTo(WebhookAttempt.MaxResponse));
        }
    }

    /// <summary><c>v1,base64(HMAC-SHA256(secret, id.timestamp.body))</c></summary>
    public static string Sign(string secret, string id, string timestamp, string body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(WebhookEndpoint.KeyOf(secret), Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")));

    public void Dispose() => _http.Dispose();

    /// <summary>An endless answer is cut, and a binary one shows as what it is in UTF-8.</summary>
    private static async Task<string> BeginningAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[MaxRead];
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }
}
