using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Api;
using Commerce;
using Commerce.Payments;

namespace Tests.Api;

public partial class DocumentTests(ShopApi shop) : IClassFixture<ShopApi>
{
    /// <summary>After a wanted change, run this suite with <c>UPDATE_OPENAPI=1</c> and commit the file.</summary>
    [Fact]
    public async Task The_committed_document_is_the_one_the_Api_serves()
    {
        var served = await shop.Client.GetStringAsync("/api/openapi/v1.json");
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1") await File.WriteAllTextAsync(CommittedDocument.Path, served.ReplaceLineEndings("\n").TrimEnd() + "\n");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(served), CommittedDocument.Read()),
            "The Api's contract has changed: if that is wanted, run tests/Api with UPDATE_OPENAPI=1 and commit Api/openapi.v1.json.");
    }

    [Fact]
    public async Task The_audit_trail_and_the_export_answer_as_the_document_says()
    {
        var document = CommittedDocument.Read();
        // Any JSON is also null: oneOf of both takes null for neither.
        Assert.Equal("#/components/schemas/JsonElement", document["components"]!["schemas"]!["AuditLine"]!["properties"]!["details"]!["$ref"]?.GetValue<string>());
        var export = await shop.Staff.GetAsync("/api/v1/admin/exports/products.csv");
        Assert.Equal(["text/csv"], document["paths"]!["/api/v1/admin/exports/products.csv"]!["get"]!["responses"]!["200"]!["content"]!.AsObject().Select(c => c.Key));
        Assert.Equal("text/csv", export.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_document_is_OpenAPI_3_1_and_every_operation_has_a_name_a_summary_and_a_tag()
    {
        var document = JsonNode.Parse(await shop.Client.GetStringAsync("/api/openapi/v1.json"))!;
        Assert.StartsWith("3.1", document["openapi"]!.GetValue<string>());
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(o => (Name: $"{o.Key} {path.Key}", Operation: o.Value!))).ToList();
        Assert.NotEmpty(operations);
        Assert.All(operations, o =>
        {
            Assert.NotNull(o.Operation["operationId"]);
            Assert.NotNull(o.Operation["summary"]);
            Assert.NotEmpty(o.Operation["tags"]!.AsArray());
        });
    }

    [Fact]
    public async Task The_readable_page_needs_no_other_server()
    {
        var page = await shop.Client.GetStringAsync("/api/docs");
        Assert.DoesNotContain("https://cdn", page);
        var script = page.Split("src=\"").Skip(1).Select(s => s[..s.IndexOf('"')]).ToList();
        Assert.NotEmpty(script);
        Assert.All(script, src => Assert.DoesNotContain("://", src));
    }

    [Fact]
    public void Every_code_of_every_concept_has_a_status()
    {
        var codes = typeof(ShopDb).Assembly.GetTypes().Where(t => t.Name.EndsWith("Refusals", StringComparison.Ordinal))
            .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static)).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!).ToList();
        Assert.NotEmpty(codes);
        Assert.Equal(codes.Order(), Refusals.Statuses.Keys.Order());
        var own = typeof(Refusals).Assembly.GetTypes().SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)).Where(f => f.IsLiteral && f.FieldType == typeof(string))
            .Select(f => (string)f.GetRawConstantValue()!).Where(c => Code().IsMatch(c)).Append(GatewayUnavailableException.Code);
        Assert.Equal(own.Distinct().Order(), Refusals.OfAnyAddress.Keys.Order());
    }

    [Theory]
    [InlineData("ProblemDetails")]
    [InlineData("HttpValidationProblemDetails")]
    public async Task A_problem_s_code_is_in_its_schema_with_all_that_there_are(string name)
    {
        var schema = (await ShopApi.OkAsync(shop.Client.GetAsync("/api/openapi/v1.json"))).GetProperty("components").GetProperty("schemas").GetProperty(name);
        Assert.Equal(["code", "status"], schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()!).Order());
        Assert.Equal("string", schema.GetProperty("properties").GetProperty("traceId").GetProperty("type").GetString());
        var described = schema.GetProperty("properties").GetProperty("code").GetProperty("description").GetString()!;
        var byStatus = described.Split(". ");
        Assert.All(Refusals.Statuses.Concat(Refusals.OfAnyAddress), code => Assert.Contains($"`{code.Key}`", Assert.Single(byStatus, s => s.StartsWith($"{code.Value}: ", StringComparison.Ordinal))));
    }

    [GeneratedRegex(@"^(request|service|orders|accounts|payments)\.[a-z-]+$")]
    private static partial Regex Code();
}
