using System.Text.RegularExpressions;

namespace Tests.Rules;

/// <summary>What documents point at is there.</summary>
internal static partial class Documents
{
    /// <summary>A file of tests in a document, followed by names of its tests: <c>`tests/Api/OrderTests.cs` `A_name`, `Another_name`</c>.</summary>
    public static IEnumerable<Breach> MissingTests(IReadOnlyList<SourceFile> files)
    {
        var texts = files.ToDictionary(file => file.Path, file => file.Text);
        var references = files.Where(f => f.Path.StartsWith("docs/", StringComparison.Ordinal) && f.Extension == ".md")
            .SelectMany(f => f.Lines.SelectMany(line => TestsOfFile().Matches(line.Text).Select(match => (f.Path, line.Number, match.Groups))));
        foreach (var (document, number, reference) in references)
        {
            var path = reference["file"].Value;
            if (!texts.TryGetValue(path, out var code)) yield return new Breach(document, number, $"there is no {path}");
            foreach (var test in reference["test"].Captures.Where(t => code is not null && !code.Contains($" {t.Value}(", StringComparison.Ordinal)))
                yield return new Breach(document, number, $"{path} has no test {test.Value}");
        }
    }

    [GeneratedRegex(@"`(?<file>tests/[\w./]+\.cs)`(?:,? `(?<test>\w+)`)*")]
    private static partial Regex TestsOfFile();
}
