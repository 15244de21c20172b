using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Tests;

/// <summary>A file of the repository; the path is relative to its root, with forward slashes.</summary>
public sealed record SourceFile(string Path, string Text)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public string Extension => System.IO.Path.GetExtension(Path);

    public IEnumerable<(int Number, string Text)> Lines => Text.Split('\n').Select((line, index) => (index + 1, line));

    /// <summary>Subsets of other people's packages carry other people's names; migrations are generated.</summary>
    public bool IsOurs => !Path.StartsWith("local/packages/", StringComparison.Ordinal) && !Path.Contains("/Migrations/", StringComparison.Ordinal);

    /// <summary>The file as C#, parsed once for all rules.</summary>
    public SyntaxNode Syntax => field ??= CSharpSyntaxTree.ParseText(Text).GetRoot();

    public bool IsCSharp => Extension == ".cs";

    public bool IsProject => Extension == ".csproj";
}

/// <summary>A place where a rule is broken.</summary>
public sealed record Breach(string File, int Line, string Rule)
{
    public override string ToString() => $"{File}:{Line}: {Rule}";
}

/// <summary>Every text file of the repository, without what is built, fetched or remembered.</summary>
public static class Repository
{
    private const int LargestBytes = 2_000_000;

    private static readonly string[] NotOurs = [".git", "artifacts", "bin", "obj", "node_modules", ".next", ".local", ".vs", ".idea", ".vercel", "TestResults"];

    private static readonly HashSet<string> TextExtensions = new(StringComparer.Ordinal)
    {
        "", ".cs", ".csproj", ".props", ".targets", ".sln", ".json", ".md", ".ts", ".tsx", ".mjs", ".js", ".css", ".html", ".sql", ".sh", ".yml", ".yaml",
        ".config", ".editorconfig", ".gitignore", ".npmrc", ".txt",
    };

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Files { get; } = [.. Walk(new DirectoryInfo(Root)).OrderBy(file => file.Path, StringComparer.Ordinal)];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Aspire.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No Aspire.sln above {AppContext.BaseDirectory}.");
    }

    private static IEnumerable<SourceFile> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles()
            .Where(file => TextExtensions.Contains(file.Extension) && file.Length < LargestBytes && file.LinkTarget is null)
            .Select(file => new SourceFile(Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName)))
            .Concat(folder.EnumerateDirectories().Where(child => !NotOurs.Contains(child.Name) && child.LinkTarget is null).SelectMany(Walk));
}
