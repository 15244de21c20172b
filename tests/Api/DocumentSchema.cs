using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tests.Api;

/// <summary>Says where a value does not keep to a schema of the document.</summary>
internal sealed class DocumentSchema(JsonNode document)
{
    public JsonNode Resolve(JsonNode node)
    {
        if (node["$ref"]?.GetValue<string>() is not { } reference) return node;
        return Resolve(reference.Split('/').Skip(1).Aggregate(document, (at, step) => at[step] ?? throw new KeyNotFoundException(reference)));
    }

    /// <summary>Of an example, who reads it must learn something: no text is empty or a mere "text".</summary>
    public IEnumerable<string> Breaches(JsonNode? value, JsonNode schema, string path)
    {
        schema = Resolve(schema);
        if (schema["oneOf"] is JsonArray choices)
        {
            var breaches = choices.Select(choice => Breaches(value, choice!, path).ToList()).ToList();
            return breaches.Exists(found => found.Count == 0) ? [] : breaches.MaxBy(found => found.Count)!;
        }
        var kind = KindOf(value);
        if (schema["type"] is { } type && !(type as JsonArray ?? [type.DeepClone()]).Any(t => t!.GetValue<string>() is var wanted && (wanted == kind || (wanted == "number" && kind == "integer"))))
            return [$"{path} is {kind}, not {type.ToJsonString()}"];
        return value switch
        {
            JsonObject made => OfObject(made, schema, path),
            JsonArray list => OfArray(list, schema, path),
            JsonValue leaf when kind == "string" => OfText(leaf.GetValue<string>(), schema, path),
            JsonValue leaf when kind is "integer" or "number" => OfNumber(decimal.Parse(leaf.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture), schema, path),
            _ => [],
        };
    }

    private IEnumerable<string> OfObject(JsonObject made, JsonNode schema, string path)
    {
        var properties = schema["properties"]?.AsObject();
        foreach (var required in (schema["required"]?.AsArray() ?? []).Select(r => r!.GetValue<string>()).Where(r => !made.ContainsKey(r))) yield return $"{path}.{required} is missing";
        foreach (var (key, value) in made)
        {
            var isClosed = schema["additionalProperties"] is JsonValue open && open.TryGetValue<bool>(out var allowed) && !allowed;
            if ((properties?[key] ?? schema["additionalProperties"] as JsonObject) is { } rule)
            {
                foreach (var breach in Breaches(value, rule, $"{path}.{key}")) yield return breach;
            }
            else if (isClosed) yield return $"{path}.{key} is not in the schema";
        }
    }

    private IEnumerable<string> OfArray(JsonArray list, JsonNode schema, string path)
    {
        if (list.Count < schema["minItems"]?.GetValue<int>() || list.Count > schema["maxItems"]?.GetValue<int>()) yield return $"{path} has {list.Count} items";
        if (schema["items"] is not { } items) yield break;
        foreach (var breach in list.SelectMany(item => Breaches(item, items, $"{path}[]"))) yield return breach;
    }

    private static IEnumerable<string> OfText(string text, JsonNode schema, string path)
    {
        if (schema["enum"] is JsonArray words)
        {
            if (!words.Any(word => word?.ToString() == text)) yield return $"{path} is none of {words.ToJsonString()}";
            yield break;
        }
        if (text is "" or "text" or "string") yield return $"{path} says nothing: give Api/Document/Samples.cs a value for it";
        if (text.Length < schema["minLength"]?.GetValue<int>() || text.Length > schema["maxLength"]?.GetValue<int>()) yield return $"{path} has {text.Length} characters";
        if (schema["pattern"]?.GetValue<string>() is { } pattern && !Regex.IsMatch(text, pattern)) yield return $"{path} is not {pattern}";
        var fits = schema["format"]?.GetValue<string>() switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) && Regex.IsMatch(text, @"T.*(Z|[+-]\d\d:\d\d)$"),
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", out _),
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
            _ => true,
        };
        if (!fits) yield return $"{path} is no {schema["format"]}";
    }

    private static IEnumerable<string> OfNumber(decimal number, JsonNode schema, string path)
    {
        // The largest long is not exact in JSON, so bounds are read as what they are: doubles.
        if ((double)number < schema["minimum"]?.GetValue<double>() || (double)number > schema["maximum"]?.GetValue<double>()) yield return $"{path} is {number}";
    }

    private static string KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value!.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E') ? "number" : "integer",
    };
}
