using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tests.Rules;

/// <summary>Rules about C# itself.</summary>
public static class CSharp
{
    private static readonly string[] Everything = ["Exception", "System.Exception"];

    /// <summary>What was not expected is not caught: no catch of everything that neither filters, nor names, nor throws again.</summary>
    public static IEnumerable<Breach> BareCatches(SourceFile file) =>
        !file.IsCSharp
            ? []
            : file.Syntax.DescendantNodes().OfType<CatchClauseSyntax>()
                .Where(IsBare)
                .Select(clause => new Breach(file.Path, LineOf(clause.CatchKeyword), "a bare catch: catch what you can handle, with a type or a when"));

    /// <summary>Public types of the projects others build on say what they are.</summary>
    public static IEnumerable<Breach> Undocumented(SourceFile file) =>
        !file.IsCSharp || !file.IsOurs || !(file.Path.StartsWith("Api/", StringComparison.Ordinal) || file.Path.StartsWith("Commerce/", StringComparison.Ordinal))
            ? []
            : file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
                .Where(type => type.Modifiers.Any(SyntaxKind.PublicKeyword) && !type.GetLeadingTrivia().Any(trivia => trivia.HasStructure && trivia.GetStructure() is DocumentationCommentTriviaSyntax))
                .Select(type => new Breach(file.Path, LineOf(type.Identifier), $"{type.Identifier.Text} is public and undocumented"));

    public static int LineOf(SyntaxToken token) => token.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    private static bool IsBare(CatchClauseSyntax clause)
    {
        if (clause.Filter is not null || clause.Block.DescendantNodes().OfType<ThrowStatementSyntax>().Any())
            return false;
        return clause.Declaration is null
            || (clause.Declaration.Identifier.IsKind(SyntaxKind.None) && Everything.Contains(clause.Declaration.Type.ToString()));
    }
}
