using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Aspire.Hosting.Dcp;

/// <summary>Every call to the orchestrator's REST interface.</summary>
internal sealed class DcpClient : IDisposable
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(100);
    private readonly HttpClient _http;

    public DcpClient(Uri server, string token, X509Certificate2 certificate)
    {
        // The certificate was made by this process for this orchestrator: it is the only one to trust.
        var expected = certificate.Thumbprint;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            SslOptions = { RemoteCertificateValidationCallback = (_, presented, _, _) => presented is X509Certificate2 given && given.Thumbprint == expected },
        };
        _http = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task CreateAsync<TSpec, TStatus>(DcpObject<TSpec, TStatus> item, CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        using var response = await _http.PostAsJsonAsync(DcpKinds.Path(item.Kind), item, DcpJson.Options, limit.Token);
        await EnsureSuccessAsync(response, $"create {item.Kind} {item.Metadata.Name}", limit.Token);
    }

    public async Task<DcpObject<TSpec, TStatus>?> FindAsync<TSpec, TStatus>(string kind, string name, CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        using var response = await _http.GetAsync($"{DcpKinds.Path(kind)}/{name}", limit.Token);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;

        await EnsureSuccessAsync(response, $"read {kind} {name}", limit.Token);
        return await response.Content.ReadFromJsonAsync<DcpObject<TSpec, TStatus>>(DcpJson.Options, limit.Token);
    }

    /// <summary>Asks for a process to be stopped; the object stays.</summary>
    public async Task StopAsync(string kind, string name, CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        using var content = Patch(new { spec = new { stop = true } });
        using var response = await _http.PatchAsync($"{DcpKinds.Path(kind)}/{name}", content, limit.Token);
        await EnsureSuccessAsync(response, $"stop {kind} {name}", limit.Token);
    }

    /// <summary>Removes an object and waits until its name is free again.</summary>
    public async Task DeleteAsync(string kind, string name, CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        var path = $"{DcpKinds.Path(kind)}/{name}";
        using var response = await _http.DeleteAsync(path, limit.Token);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return;

        await EnsureSuccessAsync(response, $"delete {kind} {name}", limit.Token);
        while (true)
        {
            using var left = await _http.GetAsync(path, limit.Token);
            if (left.StatusCode == HttpStatusCode.NotFound)
                return;

            await Task.Delay(PollPause, limit.Token);
        }
    }

    /// <summary>Every present object of a kind, then every change; ends when the connection does.</summary>
    public async IAsyncEnumerable<DcpWatchEvent> WatchAsync(string kind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in LinesAsync($"{DcpKinds.Path(kind)}?watch=true", cancellationToken))
        {
            if (JsonSerializer.Deserialize<DcpWatchEvent>(line, DcpJson.Options) is { } change)
                yield return change;
        }
    }

    /// <summary>The lines of a log, each with its time in front; ends with the process.</summary>
    /// <param name="kind">Executable or Container.</param>
    /// <param name="name">Name of the object.</param>
    /// <param name="source">stdout, stderr or startup_stderr.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public IAsyncEnumerable<string> LogAsync(string kind, string name, string source, CancellationToken cancellationToken) =>
        LinesAsync($"{DcpKinds.Path(kind)}/{name}/log?follow=true&timestamps=true&source={source}", cancellationToken);

    /// <summary>Stops every process, then the orchestrator.</summary>
    public async Task ShutDownAsync(TimeSpan limit)
    {
        using var timer = new CancellationTokenSource(limit);
        await SetExecutionAsync("CleaningResources", timer.Token);
        while ((await _http.GetFromJsonAsync<DcpExecution>("admin/execution", DcpJson.Options, timer.Token))?.Status is not ("CleanupComplete" or "Stopping"))
            await Task.Delay(PollPause, timer.Token);

        await SetExecutionAsync("Stopping", timer.Token);
    }

    public void Dispose() => _http.Dispose();

    private static CancellationTokenSource Limit(CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CallLimit);
        return limit;
    }

    private static ByteArrayContent Patch(object change)
    {
        // A charset in the content type is refused with 415.
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(change, DcpJson.Options));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/merge-patch+json");
        return content;
    }

    private static async Task EnsureSuccessAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var answer = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new DistributedApplicationException($"The orchestrator refused to {what}: {(int)response.StatusCode} {answer}");
        }
    }

    private async Task SetExecutionAsync(string status, CancellationToken cancellationToken)
    {
        using var content = Patch(new DcpExecution(status, "Full"));
        using var response = await _http.PatchAsync("admin/execution", content, cancellationToken);
        await EnsureSuccessAsync(response, $"go into {status}", cancellationToken);
    }

    private async IAsyncEnumerable<string> LinesAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await EnsureSuccessAsync(response, $"stream {path}", cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length > 0)
                yield return line;
        }
    }
}
