using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tests.Rules;

/// <summary>Rules about what stands in any text file of the repository.</summary>
public static partial class Texts
{
    private const int FileLines = 250;
    private static readonly string[] Services = ["Api/", "Commerce/", "Worker/", "ServiceDefaults/"];

    /// <summary>What is not finished is not committed.</summary>
    public static IEnumerable<Breach> Unfinished(SourceFile file) =>
        Matching(file, UnfinishedWords(), match => $"{match} is left: finish it or write an issue");

    /// <summary>A clone lives anywhere.</summary>
    public static IEnumerable<Breach> MachinePaths(SourceFile file) =>
        Matching(file, MachinePath(), match => $"'{match}' is a path of one machine");

    /// <summary>Secrets come from the environment. What only the emulators accept says so in itself.</summary>
    public static IEnumerable<Breach> Secrets(SourceFile file) =>
        Matching(file, Secret(), match => $"'{match[..Math.Min(match.Length, 12)]}…' looks like a secret");

    /// <summary>The lock file is for every registry: it names none, or the public one.</summary>
    public static IEnumerable<Breach> LockedRegistries(SourceFile file) =>
        file.Name is "package-lock.json" or ".npmrc"
            ? Matching(file, ForeignRegistry(), match => $"{match} is not the public npm registry")
            : [];

    /// <summary>
    /// A connection goes back to the pool as it is (decision 0108), so what a session keeps is set for a transaction only, or on a connection that nobody else gets:
    /// those of the lock of migrations, and of the watchdog.
    /// </summary>
    public static IEnumerable<Breach> SessionState(SourceFile file) =>
        file.Extension == ".cs" && Services.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)) && file.Path is not ("Commerce/ShopSetup.cs" or "Worker/Watchdog/Watch.cs")
            ? Matching(file, KeptBySession(), match => $"'{match}' stays with a pooled connection: set it for the transaction")
            : [];

    /// <summary>A feel, not a game: a warning.</summary>
    public static IEnumerable<Breach> LongFiles(SourceFile file) =>
        file.IsOurs && file.Extension is ".cs" or ".ts" or ".tsx" && file.Lines.Count() > FileLines
            ? [new Breach(file.Path, file.Lines.Count(), $"longer than {FileLines} lines")]
            : [];

    /// <summary>JSON that cannot be read stops a fresh clone.</summary>
    public static IEnumerable<Breach> BrokenJson(SourceFile file)
    {
        if (file.Extension != ".json")
            yield break;
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var broken = 0L;
        try
        {
            using var document = JsonDocument.Parse(file.Text, options);
        }
        catch (JsonException error)
        {
            broken = (error.LineNumber ?? 0) + 1;
        }

        if (broken > 0)
            yield return new Breach(file.Path, (int)broken, "no valid JSON");
    }

    // These rules and their samples name what they forbid.
    private static IEnumerable<Breach> Matching(SourceFile file, Regex pattern, Func<string, string> rule) =>
        file.Path.StartsWith("tests/House/", StringComparison.Ordinal)
            ? []
            : file.Lines.SelectMany(line => pattern.Matches(line.Text).Select(match => new Breach(file.Path, line.Number, rule(match.Value.Trim()))));

    [GeneratedRegex("""\bpg_(try_)?advisory_lock(_shared)?\b|\bset_config\([^()]*,\s*false\s*\)|["\s]SET\s+(SESSION|ROLE|TIME ZONE|\w+_timeout|search_path|enable_\w+|synchronous_commit)\b|\bLISTEN\s+\w|\bCREATE\s+TEMP|\bWITH HOLD\b""", RegexOptions.IgnoreCase)]
    private static partial Regex KeptBySession();

    [GeneratedRegex(@"\b(TODO|FIXME|NotImplementedException)\b")]
    private static partial Regex UnfinishedWords();

    [GeneratedRegex(@"(?<![\w.\-/>}])(/(work|root|home)/[\w.\-]+|[A-Z]:\\Users\\\w+)")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\b[sr]k_live_\w{4,}|\bwhsec_(?!\w*(test|local|emulator|example|oddgrain))[A-Za-z0-9]{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}|\bxox[abpr]-\w{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex Secret();

    [GeneratedRegex(@"(?<=""resolved"":\s*""|registry\s*=\s*)https?://(?!registry\.npmjs\.org/)[^/""]+")]
    private static partial Regex ForeignRegistry();
}
