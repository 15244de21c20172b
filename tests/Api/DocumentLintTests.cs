using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Api;
using Commerce.Shipping;

namespace Tests.Api;

/// <summary>What the document promises to whoever reads it, for every operation there is. It is the committed one; another test holds that it is the served one.</summary>
public class DocumentLintTests
{
    private static readonly JsonNode Document = CommittedDocument.Read();

    private static readonly DocumentSchema Schema = new(Document);

    private static readonly List<(string Name, JsonNode Operation)> Operations =
        [.. CommittedDocument.OperationsOf(Document).Select(o => ($"{o.Method} {o.Path}", o.Operation))];

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
        var checkedBodies = 0;
        foreach (var (name, operation) in Operations)
        {
            if (operation["requestBody"]?["content"]?["application/json"] is not { } json) continue;
            Assert.True(Schema.Resolve(json["schema"]!)["additionalProperties"]?.GetValue<bool>() == false, $"{name} does not say that it takes no other members");
            Assert.True(json["example"] is JsonNode, $"{name} has no example");
            Keeps(name, json["example"], json["schema"]!);
            checkedBodies++;
        }
        Assert.InRange(checkedBodies, 35, 500);
    }

    [Fact]
    public void Every_answer_and_every_problem_has_an_example_that_keeps_its_own_rules()
    {
        var (answers, problems) = (0, 0);
        foreach (var (name, operation) in Operations)
        {
            foreach (var (status, response) in operation["responses"]!.AsObject())
            {
                foreach (var (type, media) in response!["content"]?.AsObject() ?? [])
                {
                    if (type is not ("application/json" or "application/problem+json")) continue;
                    var examples = media!["examples"]?.AsObject().Select(e => Schema.Resolve(e.Value!)["value"]).ToList() ?? [];
                    Assert.True(examples.Count > 0, $"{name}: {status} has no example");
                    Assert.All(examples, example => Keeps($"{name}: {status}", example, media["schema"]!));
                    if (type == "application/json") answers++;
                    else
                    {
                        Assert.All(examples, e => Assert.Equal(status, e!["status"]!.ToString()));
                        Assert.All(examples, e => Assert.True(IsSaidThere(name, status, e!["code"]!.GetValue<string>()), $"{name}: {status} is not {e["code"]}"));
                        problems++;
                    }
                }
            }
        }
        Assert.True(answers >= 90 && problems >= 500, $"{answers} answers, {problems} problems");
    }

    /// <summary>What the schemas leave open and the shop does not.</summary>
    [Fact]
    public void Examples_name_countries_currencies_tax_classes_and_addresses_there_are()
    {
        var leaves = AllExamples().SelectMany(example => Leaves(example.Value, example.Name, "")).ToList();
        Every("currency", text => text == "EUR");
        Every("countryCode", text => AddressRule.Of(text) is not null);
        Every("countries", text => AddressRule.Of(text) is not null);
        Every("taxClass", text => text == "standard");
        Every("shippingCode", text => text is "standard" or "express" or "freight");
        Every("slug", text => Regex.IsMatch(text, "^[a-z0-9]+(-[a-z0-9]+)*$"));
        Every("url", text => text.StartsWith("https://", StringComparison.Ordinal));
        Every("trackingUrl", text => text.StartsWith("https://", StringComparison.Ordinal));
        Every("email", text => Regex.IsMatch(text, @"^[a-z]+@example\.com$"));
        Assert.All(AllExamples().Where(e => e.Value["attributes"] is JsonObject).Select(e => e.Value["attributes"]!.AsObject()),
            attributes => Assert.All(attributes, a => Assert.Matches("^[a-z0-9_-]+\\.[a-z0-9_-]+$", a.Key)));

        void Every(string property, Func<string, bool> fits)
        {
            var found = leaves.Where(l => l.Property == property).ToList();
            Assert.NotEmpty(found);
            Assert.All(found, l => Assert.True(fits(l.Text), $"{l.Name}: {property} is {l.Text}"));
        }
    }

    [Theory]
    [InlineData("/api/v1/admin/products", "attributes", """{"en":"text"}""", "array")]
    [InlineData("/api/v1/admin/products", "vendor", "\"text\"", "says nothing")]
    [InlineData("/api/v1/admin/products", "title", null, "null")]
    [InlineData("/api/v1/admin/products", "tilte", "\"Tide\"", "not in the schema")]
    [InlineData("/api/v1/admin/vat-rates", "untaxed", "[\"text\"]", "is not ^")]
    [InlineData("/api/v1/admin/webhook-endpoints", "eventTypes", "[\"text\"]", "none of")]
    [InlineData("/api/v1/admin/webhook-endpoints", "eventTypes", "[]", "0 items")]
    [InlineData("/api/v1/admin/orders/{number}/fulfilments", "trackingUrl", "\"parcel\"", "no uri")]
    [InlineData("/api/v1/admin/stock/{variantId}/adjustments", "locationId", "\"7\"", "no uuid")]
    [InlineData("/api/v1/admin/stock/{variantId}/adjustments", "delta", "1000001", "is 1000001")]
    [InlineData("/api/v1/admin/stock/{variantId}/adjustments", "delta", "1.5", "number")]
    [InlineData("/api/v1/admin/reconciliation", "from", "\"2026-01-05T00:00:00\"", "no date-time")]
    [InlineData("/api/v1/orders", "shippingCode", "\"\"", "says nothing")]
    [InlineData("/api/v1/orders", "basketId", "\"0F3A\"", "is not ^")]
    [InlineData("/api/v1/orders", "email", null, "null")]
    public void An_example_that_breaks_a_rule_is_found(string path, string property, string? value, string words)
    {
        var operation = Document["paths"]![path]!.AsObject().First(o => o.Value!["requestBody"] is not null).Value!;
        var json = operation["requestBody"]!["content"]!["application/json"]!;
        var broken = json["example"]!.DeepClone().AsObject();
        broken[property] = value is null ? null : JsonNode.Parse(value);
        Assert.Contains(Schema.Breaches(broken, json["schema"]!, ""), breach => breach.StartsWith($".{property}", StringComparison.Ordinal) && breach.Contains(words, StringComparison.Ordinal));
        broken.Remove(property);
        Assert.Equal(json["example"]!.AsObject().ContainsKey(property) && (Schema.Resolve(json["schema"]!)["required"]?.AsArray() ?? []).Any(r => r!.ToString() == property),
            Schema.Breaches(broken, json["schema"]!, "").Any(breach => breach == $".{property} is missing"));
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

    /// <summary>A code of the shop has its own status, and no order is missed where there is none.</summary>
    private static bool IsSaidThere(string operation, string status, string code) =>
        code.Split('.')[0] switch
        {
            "request" => true,
            "orders" => operation.Contains("/orders", StringComparison.Ordinal) || operation.Contains("/shipping-rates", StringComparison.Ordinal),
            "baskets" => operation.Contains("/baskets", StringComparison.Ordinal) || operation.Contains("/shipping-rates", StringComparison.Ordinal),
            "products" => operation.Contains("/products/{", StringComparison.Ordinal),
            "jobs" => operation.Contains("/jobs", StringComparison.Ordinal),
            "stock" => operation.Contains("/stock", StringComparison.Ordinal) || operation.Contains("/terms", StringComparison.Ordinal),
            _ => true,
        } && (!Refusals.Statuses.TryGetValue(code, out var own) || own.ToString(CultureInfo.InvariantCulture) == status);

    private static void Keeps(string name, JsonNode? example, JsonNode schema)
    {
        var wrong = Schema.Breaches(example, schema, "").ToList();
        Assert.True(wrong.Count == 0, $"{name}: {string.Join("; ", wrong)}");
    }

    private static IEnumerable<(string Name, JsonNode Value)> AllExamples() =>
        Operations.Select(o => (o.Name, Value: o.Operation["requestBody"]?["content"]?["application/json"]?["example"])).Where(e => e.Value is not null).Select(e => (e.Name, e.Value!))
            .Concat(Document["components"]!["examples"]!.AsObject().Select(e => (e.Key, e.Value!["value"]!)));

    private static IEnumerable<(string Name, string Property, string Text)> Leaves(JsonNode? node, string name, string property) => node switch
    {
        JsonObject made => made.SelectMany(p => Leaves(p.Value, name, p.Key)),
        JsonArray list => list.SelectMany(item => Leaves(item, name, property)),
        JsonValue leaf when leaf.TryGetValue<string>(out var text) => [(name, property, text)],
        _ => [],
    };

    /// <summary>Past a reference, and past "or null".</summary>
    private static JsonNode Resolve(JsonNode schema)
    {
        schema = Schema.Resolve(schema);
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
}
