using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Commerce;
using Microsoft.AspNetCore.Http.Metadata;

namespace Api;

/// <summary>Says what of a request could not be read, by the names the document uses and not by those of the code.</summary>
internal static partial class Malformed
{
    private const int MaxNamed = 10;

    /// <summary>What a number, an id or a moment looks like, by the type that did not take it.</summary>
    private static readonly Dictionary<string, string> Shapes = new()
    {
        ["int"] = "a whole number",
        ["long"] = "a whole number",
        ["bool"] = "true or false",
        ["Guid"] = "an id (UUID)",
        ["DateTimeOffset"] = "a date, a time and an offset from UTC",
        ["number"] = "a number",
        ["string"] = "a text",
        ["boolean"] = "true or false",
        ["Int32"] = "a whole number that is not too large",
        ["Int64"] = "a whole number that is not too large",
        ["System.Int32"] = "a whole number",
        ["System.Int64"] = "a whole number",
        ["System.Decimal"] = "a number",
        ["System.Boolean"] = "true or false",
        ["System.String"] = "a text",
        ["System.Guid"] = "an id (UUID)",
    };

    /// <summary>In words, and where it has one the name of the member or parameter.</summary>
    public static (string Detail, string? Name) Describe(BadHttpRequestException error, Endpoint? endpoint)
    {
        if (error.InnerException is JsonException json) return OfBody(json);
        if (Unbound().Match(error.Message) is { Success: true } unbound)
        {
            var name = NameOf(unbound.Groups["name"].Value, endpoint);
            return ($"{name} takes {Shapes.GetValueOrDefault(unbound.Groups["type"].Value, "another form")}, which \"{unbound.Groups["value"].Value}\" is not.", name);
        }
        if (Missing().Match(error.Message) is { Success: true } missing)
        {
            if (missing.Groups["source"].Value.StartsWith("body", StringComparison.Ordinal)) return ("A body is missing: this address takes JSON.", null);
            var name = NameOf(missing.Groups["name"].Value, endpoint);
            return ($"{name} is missing; it belongs in the {missing.Groups["source"].Value}.", name);
        }
        return (error.Message.StartsWith("Implicit body", StringComparison.Ordinal) ? "A body is missing: this address takes JSON." : error.Message, null);
    }

    /// <summary>What validation found, by JSON paths (<c>prices[0].amountMinor</c>) and by the names of parameters as documented, in the messages too.</summary>
    public static IDictionary<string, string[]> Named(IDictionary<string, string[]> errors, Endpoint? endpoint)
    {
        var named = new Dictionary<string, string[]>();
        foreach (var (key, texts) in errors)
        {
            var path = PathOf(key, endpoint);
            var (inside, outside) = (LastOf(key), LastOf(path));
            named[path] = [.. texts.Select(text => text.Replace($"field {inside} ", $"field {outside} ", StringComparison.Ordinal).Replace($"The {inside} field", $"The {outside} field", StringComparison.Ordinal))];
        }
        return named;
    }

    /// <summary>What was found, in a few words for whoever shows only those; <c>errors</c> has all of it.</summary>
    public static string Summary(IDictionary<string, string[]> errors) =>
        $"Not as it should be: {string.Join(", ", errors.Keys.Order(StringComparer.Ordinal).Take(MaxNamed))}{(errors.Count > MaxNamed ? $" and {errors.Count - MaxNamed} more" : "")}. Nothing was done; errors says what is taken.";

    private static string PathOf(string key, Endpoint? endpoint) => key.Contains('.', StringComparison.Ordinal) || key.Contains('[', StringComparison.Ordinal)
        ? string.Join('.', key.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName))
        : NameOf(key, endpoint);

    private static string LastOf(string path) => path.Split('.')[^1];

    private static (string Detail, string? Name) OfBody(JsonException error)
    {
        var path = error.Path?.TrimStart('$').TrimStart('.');
        var text = Position().Replace(error.Message, "");
        if (Unmapped().Match(text) is { Success: true } unmapped)
        {
            var member = unmapped.Groups[1].Value;
            var at = path is not null && (path == member || path.EndsWith($".{member}", StringComparison.Ordinal)) ? path : string.IsNullOrEmpty(path) ? member : $"{path}.{member}";
            return ($"There is no member '{at}' here. Nothing was done, in case another one was meant.", at);
        }
        var where = string.IsNullOrEmpty(path) ? "The body" : path;
        if (Twice().Match(text) is { Success: true } twice) return ($"{where} has the member '{twice.Groups[1].Value}' twice. Nothing was done, as only one of them can be meant.", Empty(path));
        if (Lacking().Match(text) is { Success: true } lacking) return ($"{where} lacks {lacking.Groups[1].Value}.", Empty(path));
        if (NotNull().Match(text) is { Success: true } notNull) return ($"{where}: '{notNull.Groups[1].Value}' is not to be null.", Empty(path));
        if (Unconverted().Match(text) is { Success: true } unconverted) return ($"{where} is not {ShapeOf(Token().Match(error.InnerException?.Message ?? "") is { Success: true } token ? token.Groups[1].Value : unconverted.Groups[1].Value)}.", Empty(path));
        return ($"The body is not the JSON expected: {text}", Empty(path));

        static string? Empty(string? path) => string.IsNullOrEmpty(path) ? null : path;
    }

    private static string ShapeOf(string type)
    {
        type = Inner().Match(type) is { Success: true } nullable ? nullable.Groups[1].Value : type;
        if (Shapes.TryGetValue(type, out var shape)) return shape;
        var known = typeof(ShopDb).Assembly.GetType(type) ?? typeof(Malformed).Assembly.GetType(type);
        return known is { IsEnum: true } ? $"one of {string.Join(", ", Enum.GetNames(known).Select(KnownWord.Of))}" : type.Contains("List", StringComparison.Ordinal) ? "a list" : "what is taken here";
    }

    /// <summary>The name a parameter has outside: that of its header, or its own in camel case.</summary>
    private static string NameOf(string parameter, Endpoint? endpoint)
    {
        var bound = endpoint?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().FirstOrDefault(p => p.ParameterInfo.Name == parameter || p.Name == parameter);
        return bound?.ParameterInfo.GetCustomAttributes().OfType<IFromHeaderMetadata>().FirstOrDefault()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(parameter);
    }

    [GeneratedRegex("""^Failed to bind parameter "(?:Nullable<)?(?<type>\w+)>?(?:\[\])? (?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex Unbound();

    [GeneratedRegex("""^Required parameter "\S+ (?<name>\w+)" was not provided from (?<source>[\w ]+)\.$""")]
    private static partial Regex Missing();

    [GeneratedRegex(" Path: .*$", RegexOptions.Singleline)]
    private static partial Regex Position();

    [GeneratedRegex("^The JSON property '(.*)' could not be mapped to any \\.NET member")]
    private static partial Regex Unmapped();

    [GeneratedRegex("^Duplicate property '(.*)' encountered")]
    private static partial Regex Twice();

    [GeneratedRegex("missing required properties including: (.*?)\\.?$")]
    private static partial Regex Lacking();

    [GeneratedRegex("^The (?:constructor parameter|property or field) '(.*?)' on type .* doesn't allow")]
    private static partial Regex NotNull();

    [GeneratedRegex("^The JSON value could not be converted to (.*)\\.$")]
    private static partial Regex Unconverted();

    /// <summary>What was expected, where a record's constructor would have taken it: the type that is named is the record's own then.</summary>
    [GeneratedRegex(@"(?:as a|out of bounds for an) (\w+)\.$")]
    private static partial Regex Token();

    [GeneratedRegex(@"^System\.Nullable`1\[(.*)\]$")]
    private static partial Regex Inner();
}
