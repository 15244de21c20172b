using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Tests.Api;

/// <summary>
/// Between every test and the Api: an answer whose status the document does not list for its operation fails the test that got it, and so does a header that it
/// does not list for the status.
/// </summary>
internal sealed partial class DocumentedAnswers : DelegatingHandler
{
    private static readonly string[] Headers = ["ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After"];

    private static readonly List<Documented> Operations =
    [
        .. CommittedDocument.OperationsOf(CommittedDocument.Read()).OrderBy(o => o.Path.Count(letter => letter == '{')) // a fixed word goes before a parameter
            .Select(o => new Documented(o.Method, new Regex($"^{Parameter.Replace(o.Path, "[^/]+")}$"), $"{o.Method} {o.Path}",
                o.Operation["responses"]!.AsObject().ToDictionary(response => response.Key, response => response.Value!["headers"]?.AsObject().Select(header => header.Key).ToHashSet() ?? []))),
    ];

    /// <summary>What was asked before: a test's driver must not cost more than the Api.</summary>
    private static readonly ConcurrentDictionary<(string Method, string Path), Documented?> Asked = [];

    public DocumentedAnswers(HttpClientHandler? beneath = null) : base(beneath ?? new HttpClientHandler())
    {
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        var operation = Asked.GetOrAdd((request.Method.Method, request.RequestUri!.AbsolutePath), asked => Operations.Find(o => o.Method == asked.Method && o.Path.IsMatch(asked.Path)));
        if (operation is null) return answer;
        var status = $"{(int)answer.StatusCode}";
        Assert.True(operation.Headers.ContainsKey(status), $"{operation.Name} answered {status}, which the document does not say: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        foreach (var header in Headers)
        {
            // Every answer tells of the quota; the document says so where one succeeds and where it is used up.
            if (header.StartsWith("RateLimit", StringComparison.Ordinal) && !answer.IsSuccessStatusCode && status != "429") continue;
            Assert.True(!answer.Headers.Contains(header) || operation.Headers[status].Contains(header), $"{operation.Name} answered {status} with {header}, which the document does not say.");
        }
        return answer;
    }

    /// <param name="Headers">By status.</param>
    private sealed record Documented(string Method, Regex Path, string Name, Dictionary<string, HashSet<string>> Headers);

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter { get; }
}
