using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tests.Subset;

/// <summary>The real API, read off the listings <c>src/**/api/*.cs</c> of a checkout, in the form of <see cref="PublicSurface"/>. Obsolete members do not count.</summary>
internal static class RealSurface
{
    private static readonly Dictionary<string, string> Keywords = new()
    {
        ["string"] = "String",
        ["object"] = "Object",
        ["bool"] = "Boolean",
        ["int"] = "Int32",
        ["long"] = "Int64",
        ["double"] = "Double",
        ["void"] = "Void",
    };

    private static readonly HashSet<string> ValueTypes = ["Boolean", "Int32", "Int64", "Double", "DateTime", "TimeSpan", "ProtocolType", "HealthStatus"];

    public static HashSet<string> Members(string checkout)
    {
        var roots = Directory.EnumerateFiles(Path.Combine(checkout, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == "api")
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot())
            .ToList();
        foreach (var type in roots.SelectMany(root => root.DescendantNodes()).Where(node => node is EnumDeclarationSyntax or StructDeclarationSyntax).Cast<BaseTypeDeclarationSyntax>())
            ValueTypes.Add(type.Identifier.Text);

        return [.. roots.SelectMany(root => root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()).SelectMany(OfType)];
    }

    private static IEnumerable<string> OfType(BaseTypeDeclarationSyntax type)
    {
        var name = TypeKey(type);
        yield return name;
        foreach (var parent in type.BaseList?.Types ?? [])
            yield return $"{name} : {Name(parent.Type)}";

        if (type is EnumDeclarationSyntax values)
        {
            foreach (var value in values.Members)
                yield return $"{name}.{value.Identifier.Text} = {value.EqualsValue?.Value}";

            yield break;
        }

        var declaration = (TypeDeclarationSyntax)type;
        if (declaration is RecordDeclarationSyntax { ParameterList: { } list })
        {
            yield return $"{name}.new({Parameters(list)})";
            foreach (var parameter in list.Parameters)
            {
                yield return $"{name}.{parameter.Identifier.Text} get : {Name(parameter.Type!)}";
                yield return $"{name}.{parameter.Identifier.Text} set : {Name(parameter.Type!)}";
            }
        }
        else if (declaration is not (InterfaceDeclarationSyntax) && !declaration.Members.OfType<ConstructorDeclarationSyntax>().Any())
        {
            yield return $"{name}.new()";
        }

        foreach (var line in declaration.Members.Where(member => !IsObsolete(member)).SelectMany(member => OfMember(name, member)))
            yield return line;
    }

    private static IEnumerable<string> OfMember(string type, MemberDeclarationSyntax member)
    {
        switch (member)
        {
            case ConstructorDeclarationSyntax constructor:
                yield return $"{type}.new({Parameters(constructor.ParameterList)})";
                break;
            case MethodDeclarationSyntax method:
                yield return $"{type}.{method.Identifier.Text}{Generics(method.TypeParameterList)}({Parameters(method.ParameterList)}) : {Name(method.ReturnType)}";
                break;
            case ConversionOperatorDeclarationSyntax conversion:
                yield return $"{type}.op_Implicit({Parameters(conversion.ParameterList)}) : {Name(conversion.Type)}";
                break;
            case FieldDeclarationSyntax field:
                foreach (var variable in field.Declaration.Variables)
                    yield return $"{type}.{variable.Identifier.Text} : {Name(field.Declaration.Type)}";

                break;
            case PropertyDeclarationSyntax property:
                foreach (var accessor in property.AccessorList?.Accessors ?? [])
                    yield return $"{type}.{property.Identifier.Text} {(accessor.IsKind(SyntaxKind.GetAccessorDeclaration) ? "get" : "set")} : {Name(property.Type)}";

                break;
            default:
                break;
        }
    }

    private static bool IsObsolete(MemberDeclarationSyntax member) =>
        member.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString().EndsWith("Obsolete", StringComparison.Ordinal));

    private static string TypeKey(BaseTypeDeclarationSyntax type)
    {
        var space = type.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().First().Name;
        var outer = type.Ancestors().OfType<TypeDeclarationSyntax>().FirstOrDefault();
        return $"{space}.{(outer is null ? "" : outer.Identifier.Text + ".")}{type.Identifier.Text}{Generics((type as TypeDeclarationSyntax)?.TypeParameterList)}";
    }

    private static string Generics(TypeParameterListSyntax? list) =>
        list is null ? "" : $"<{string.Join(", ", list.Parameters.Select(parameter => parameter.Identifier.Text))}>";

    private static string Parameters(ParameterListSyntax list) => string.Join(", ", list.Parameters.Select(parameter =>
    {
        var prefix = parameter.Modifiers.FirstOrDefault(modifier => modifier.Kind() is SyntaxKind.OutKeyword or SyntaxKind.InKeyword or SyntaxKind.ParamsKeyword).Text;
        return $"{(prefix is { Length: > 0 } ? prefix + " " : "")}{Name(parameter.Type!)} {parameter.Identifier.ValueText}{(parameter.Default is null ? "" : " =")}";
    }));

    private static string Name(TypeSyntax type) => type switch
    {
        NullableTypeSyntax nullable => Name(nullable.ElementType) is var inner && ValueTypes.Contains(inner) ? inner + "?" : inner,
        ArrayTypeSyntax array => Name(array.ElementType) + string.Concat(array.RankSpecifiers.Select(_ => "[]")),
        QualifiedNameSyntax qualified => Name(qualified.Right),
        GenericNameSyntax generic => $"{generic.Identifier.Text}<{string.Join(", ", generic.TypeArgumentList.Arguments.Select(Name))}>",
        TupleTypeSyntax tuple => $"({string.Join(", ", tuple.Elements.Select(element => Name(element.Type)))})",
        PredefinedTypeSyntax predefined => Keywords.GetValueOrDefault(predefined.Keyword.Text, predefined.Keyword.Text),
        _ => type.ToString(),
    };
}
