using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tests.Fixture;

namespace Tests.Api;

/// <summary>What the document promises to whoever reads it, for every operation there is. It is the committed one; another test holds that it is the served one.</summary>
public class DocumentLintTests
{
    private static readonly JsonNode Document = JsonNode.Parse(File.ReadAllText(Path.Combine(TestFolders.Repository, "Api", "openapi.v1.json")))!;

    private static readonly List<(string Name, JsonNode Operation)> Operations =
        [.. Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(o => ($"{o.Key.ToUpperInvariant()} {path.Key}", o.Value!)))];

    [Fact]
    public void Every_operation_has_a_name_of_its_own_a_summary_and_a_tag()
    {
        Assert.Equal(Operations.Count, Operations.Select(o => o.Operation["operationId"]?.GetValue<string>()).OfType<string>().Distinct().Count());
        None(o => string.IsNullOrWhiteSpace(o["summary"]?.GetValue<string>()) || o["tags"] is not JsonArray { Count: > 0 });
    }

    [Fact]
    public void Every_operation_under_v1_says_how_it_refuses_and_that_it_may_be_asked_too_much()
    {
        None(o => o["responses"]!.AsObject().All(r => r.Key[0] != '4'));
        foreach (var (name, operation) in Operations.Where(o => o.Name.Contains("/api/v1/", StringComparison.Ordinal)))
        {
            var refusals = operation["responses"]!.AsObject().Where(r => r.Key[0] is '4' or '5').ToList();
            Assert.True(refusals.Exists(r => r.Key == "429"), $"{name} does not mention 429");
            Assert.All(refusals, r => Assert.True(r.Value!["content"]?["application/problem+json"] is not null, $"{name}: {r.Key} is no problem document"));
        }
    }

    [Fact]
    public void What_is_behind_a_door_says_which_key_opens_it()
    {
        var schemes = Document["components"]!["securitySchemes"]!.AsObject().Select(s => s.Key).ToHashSet();
        Assert.Equal(["api-key", "session"], schemes.Order());
        var staff = Operations.Where(o => o.Name.Contains("/api/v1/admin/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(staff);
        Assert.All(staff, o => Assert.True(o.Operation["security"] is JsonArray { Count: > 0 } && o.Operation["responses"]!["401"] is not null && o.Operation["responses"]!["403"] is not null, o.Name));
    }

    [Fact]
    public void Every_body_has_an_example_that_keeps_its_own_rules()
    {
        foreach (var (name, operation) in Operations)
        {
            if (operation["requestBody"]?["content"]?["application/json"] is not { } json) continue;
            Assert.True(Resolve(json["schema"]!)["additionalProperties"]?.GetValue<bool>() == false, $"{name} does not say that it takes no other members");
            Assert.True(json["example"] is JsonNode, $"{name} has no example");
            var wrong = Breaches(json["example"], json["schema"]!, "").ToList();
            Assert.True(wrong.Count == 0, $"{name}: {string.Join("; ", wrong)}");
        }
    }

    [Fact]
    public void No_text_that_is_sent_in_is_without_a_limit()
    {
        var unlimited = new List<string>();
        foreach (var (name, operation) in Operations)
        {
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                // A path, and how often a parameter is repeated, is limited by the line it comes in.
                if (parameter!["in"]!.GetValue<string>() != "path" && parameter["schema"]!["items"] is null) unlimited.AddRange(Unlimited(parameter["schema"]!, $"{name} {parameter["name"]}", []));
            }
            if (operation["requestBody"]?["content"]?["application/json"]?["schema"] is { } body) unlimited.AddRange(Unlimited(body, name, []));
        }
        Assert.True(unlimited.Count == 0, string.Join("\n", unlimited));
    }

    [Fact]
    public void Lists_that_take_a_cursor_are_shaped_alike()
    {
        var lists = Operations.Where(o => (o.Operation["parameters"]?.AsArray() ?? []).Any(p => p!["name"]!.GetValue<string>() == "cursor")).ToList();
        Assert.NotEmpty(lists);
        foreach (var (name, operation) in lists)
        {
            var page = Resolve(operation["responses"]!["200"]!["content"]!["application/json"]!["schema"]!)["properties"]!.AsObject();
            Assert.True(page["items"]?["type"]?.GetValue<string>() == "array" && page.ContainsKey("nextCursor"), $"{name} is no page of items with a nextCursor");
            Assert.True(operation["parameters"]!.AsArray().Any(p => p!["name"]!.GetValue<string>() == "limit" && p["schema"]!["maximum"] is not null), $"{name} has no limit with a maximum");
        }
    }

    private static void None(Func<JsonNode, bool> broken)
    {
        var found = Operations.Where(o => broken(o.Operation)).Select(o => o.Name).ToList();
        Assert.True(found.Count == 0, string.Join("\n", found));
    }

    private static JsonNode Resolve(JsonNode schema)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference) return Resolve(Document["components"]!["schemas"]![reference.Split('/')[^1]]!);
        return schema["oneOf"]?.AsArray().FirstOrDefault(s => s!["type"]?.ToString() != "null") is { } one ? Resolve(one) : schema;
    }

    private static bool IsText(JsonNode schema) => schema["type"] is JsonArray types ? types.Any(t => t!.GetValue<string>() == "string") && types.Count <= 2 : schema["type"]?.GetValue<string>() == "string";

    private static IEnumerable<string> Unlimited(JsonNode schema, string path, HashSet<JsonNode> seen)
    {
        schema = Resolve(schema);
        if (!seen.Add(schema)) return [];
        if (IsText(schema) && schema["maxLength"] is null && schema["format"] is null && schema["enum"] is null && schema["pattern"] is null) return [path];
        return (schema["properties"]?.AsObject().SelectMany(p => Unlimited(p.Value!, $"{path}.{p.Key}", seen)) ?? [])
            .Concat(schema["items"] is { } items ? Unlimited(items, $"{path}[]", seen) : []);
    }

    private static IEnumerable<string> Breaches(JsonNode? example, JsonNode schema, string path)
    {
        schema = Resolve(schema);
        if (example is JsonObject made)
        {
            foreach (var required in schema["required"]?.AsArray() ?? [])
                if (made[required!.GetValue<string>()] is null) yield return $"{path}.{required} is missing";
            foreach (var (key, value) in made)
                if (schema["properties"]?[key] is { } property)
                    foreach (var breach in Breaches(value, property, $"{path}.{key}")) yield return breach;
        }
        if (example is JsonArray list && schema["items"] is { } items)
            foreach (var breach in list.SelectMany(item => Breaches(item, items, $"{path}[]"))) yield return breach;
        if (example is not JsonValue leaf || !leaf.TryGetValue<string>(out var text)) yield break;
        if (schema["maxLength"]?.GetValue<int>() < text.Length || schema["minLength"]?.GetValue<int>() > text.Length) yield return $"{path} has {text.Length} characters";
        if (schema["pattern"]?.GetValue<string>() is { } pattern && IsText(schema) && !Regex.IsMatch(text, $"^(?:{pattern})$")) yield return $"{path} is not {pattern}";
        if (schema["enum"] is JsonArray values && !values.Any(v => v?.ToString() == text)) yield return $"{path} is none of {values.ToJsonString()}";
    }
}
