using System.Reflection;
using System.Runtime.CompilerServices;

namespace Tests.Subset;

/// <summary>
/// What the subsets offer, one line per type, base, member and accessor, in a form that can also be read off the real API's source:
/// short type names, no nullability of references, no constraints.
/// </summary>
internal static class PublicSurface
{
    private static readonly string[] Packages =
    [
        "Aspire.Hosting", "Aspire.Hosting.JavaScript", "Aspire.Hosting.PostgreSQL", "Aspire.Hosting.Redis", "Aspire.Hosting.Testing",
        "Aspire.Npgsql.EntityFrameworkCore.PostgreSQL", "Aspire.StackExchange.Redis",
    ];

    // What the compiler adds to records.
    private static readonly string[] Generated = ["Equals", "GetHashCode", "ToString", "Deconstruct", "PrintMembers", "op_Equality", "op_Inequality", "<Clone>$"];

    public static IReadOnlyList<string> Signatures() => [.. Packages.Select(Assembly.Load)
        .SelectMany(assembly => assembly.GetExportedTypes())
        .SelectMany(OfType)
        .Distinct()
        .Order(StringComparer.Ordinal)];

    private static IEnumerable<string> OfType(Type type)
    {
        var name = TypeKey(type);
        yield return name;
        if (type.IsEnum)
        {
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
                yield return $"{name}.{field.Name} = {field.GetRawConstantValue()}";

            yield break;
        }

        foreach (var parent in type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Append(type.BaseType).Where(parent => parent?.Namespace?.StartsWith("Aspire", StringComparison.Ordinal) == true))
            yield return $"{name} : {Name(parent!)}";

        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var constructor in type.GetConstructors(Declared))
            yield return $"{name}.new({Parameters(constructor)})";

        foreach (var field in type.GetFields(Declared))
            yield return $"{name}.{field.Name} : {Name(field.FieldType)}";

        foreach (var property in type.GetProperties(Declared))
        {
            foreach (var accessor in property.GetAccessors())
                yield return $"{name}.{property.Name} {(accessor.ReturnType == typeof(void) ? "set" : "get")} : {Name(property.PropertyType)}";
        }

        foreach (var method in type.GetMethods(Declared).Where(method => !Generated.Contains(method.Name) && (!method.IsSpecialName || method.Name == "op_Implicit")))
            yield return $"{name}.{method.Name}{Generics(method)}({Parameters(method)}) : {Name(method.ReturnType)}";
    }

    private static string TypeKey(Type type) => $"{type.Namespace}.{(type.DeclaringType is { } outer ? outer.Name + "." : "")}{Name(type)}";

    private static string Generics(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var prefix = type.IsByRef ? parameter.IsOut ? "out " : "in " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        return $"{prefix}{Name(type.IsByRef ? type.GetElementType()! : type)} {parameter.Name}{(parameter.IsOptional ? " =" : "")}";
    }

    private static string Name(Type type)
    {
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";

        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Name(underlying) + "?";

        if (type.IsAssignableTo(typeof(ITuple)) && type.IsGenericType)
            return $"({string.Join(", ", type.GetGenericArguments().Select(Name))})";

        return type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : type.Name;
    }
}
