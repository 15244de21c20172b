using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Tests.Api;

/// <summary>Between every test and the Api: an answer whose status the document does not list for its operation fails the test that got it.</summary>
internal sealed partial class DocumentedAnswers : DelegatingHandler
{
    private static readonly List<(string Method, Regex Path, string Name, HashSet<string> Statuses)> Operations =
    [
        .. CommittedDocument.OperationsOf(CommittedDocument.Read()).OrderBy(o => o.Path.Count(letter => letter == '{')) // a fixed word goes before a parameter
            .Select(o => (o.Method, new Regex($"^{Parameter.Replace(o.Path, "[^/]+")}$"), $"{o.Method} {o.Path}", o.Operation["responses"]!.AsObject().Select(response => response.Key).ToHashSet())),
    ];

    /// <summary>What was asked before: a test's driver must not cost more than the Api.</summary>
    private static readonly ConcurrentDictionary<(string Method, string Path), (string Method, Regex Path, string Name, HashSet<string> Statuses)> Asked = [];

    public DocumentedAnswers(HttpClientHandler? beneath = null) : base(beneath ?? new HttpClientHandler())
    {
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        var operation = Asked.GetOrAdd((request.Method.Method, request.RequestUri!.AbsolutePath), asked => Operations.Find(o => o.Method == asked.Method && o.Path.IsMatch(asked.Path)));
        if (operation.Name is not null)
            Assert.True(operation.Statuses.Contains($"{(int)answer.StatusCode}"), $"{operation.Name} answered {(int)answer.StatusCode}, which the document does not say: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        return answer;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter { get; }
}
