using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tests.Rules;

/// <summary>Words that say nothing about what a thing is, in names of files, folders and types.</summary>
public static partial class Names
{
    private static readonly HashSet<string> Empty = new(StringComparer.OrdinalIgnoreCase)
    {
        "Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Utilities", "Common", "Base", "Impl", "Processor", "Processors",
    };

    public static IEnumerable<Breach> Breaches(SourceFile file)
    {
        if (!file.IsOurs || file.Extension is not (".cs" or ".ts" or ".tsx" or ".mjs" or ".csproj"))
            yield break;

        foreach (var segment in file.Path.Split('/'))
        {
            if (EmptyWord(Path.GetFileNameWithoutExtension(segment)) is { } word)
                yield return new Breach(file.Path, 1, $"'{segment}' says {word}: name it after what it does");
        }

        if (!file.IsCSharp)
            yield break;
        foreach (var type in file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
        {
            if (EmptyWord(type.Identifier.Text) is { } word)
                yield return new Breach(file.Path, CSharp.LineOf(type.Identifier), $"'{type.Identifier.Text}' says {word}: name it after what it does");
        }
    }

    private static string? EmptyWord(string name) =>
        name.Equals("Extensions", StringComparison.OrdinalIgnoreCase)
            ? "Extensions alone"
            : Word().Matches(name).Select(match => match.Value).FirstOrDefault(Empty.Contains);

    // OrderManager, order-manager, order_manager, OGOrder: words by capitals and by what is no letter.
    [GeneratedRegex(@"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Word();
}
