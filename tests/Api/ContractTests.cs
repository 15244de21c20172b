using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commerce.Accounts;

namespace Tests.Api;

/// <summary>Every operation of the document is asked what the document says of it.</summary>
public class ContractTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private static readonly JsonNode Document = CommittedDocument.Read();

    private static IEnumerable<(HttpMethod Method, string Path, JsonNode Operation)> Operations =>
        CommittedDocument.OperationsOf(Document).Select(o => (HttpMethod.Parse(o.Method), o.Path, o.Operation));

    [Fact]
    public async Task Every_word_that_a_query_documents_is_taken_and_another_one_is_refused()
    {
        var asked = 0;
        foreach (var (method, path, operation) in Operations)
        {
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                if (parameter!["in"]!.GetValue<string>() != "query" || WordsOf(parameter["schema"]!) is not { } words) continue;
                foreach (var word in words.Concat(["no-such-word", ""]))
                {
                    var response = await shop.Admin.SendAsync(new HttpRequestMessage(method, $"{Concrete(path)}?{parameter["name"]}={Uri.EscapeDataString(word)}"));
                    Assert.True((response.StatusCode == HttpStatusCode.BadRequest) == word is "no-such-word" or "", $"{method} {path} {parameter["name"]}={word}: {await response.Content.ReadAsStringAsync()}");
                    asked++;
                }
            }
        }
        Assert.InRange(asked, 25, 500);
    }

    [Fact]
    public async Task No_operation_takes_a_parameter_of_a_query_it_does_not_name()
    {
        var asked = 0;
        foreach (var (method, path, operation) in Operations.Where(o => o.Method == HttpMethod.Get))
        {
            var parameters = operation["parameters"]?.AsArray().Where(p => p!["in"]!.GetValue<string>() == "query").ToList() ?? [];
            if (parameters.Exists(p => p!["required"]?.GetValue<bool>() == true)) continue; // what is missing is told first
            var response = await shop.Admin.SendAsync(new HttpRequestMessage(method, $"{Concrete(path)}?stae=paid"));
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{method} {path}: {(int)response.StatusCode} {problem}");
            Assert.Equal("request.invalid", problem.GetProperty("code").GetString());
            var words = problem.GetProperty("errors").GetProperty("stae")[0].GetString();
            Assert.All(parameters, p => Assert.Contains(p!["name"]!.GetValue<string>(), words, StringComparison.Ordinal));
            asked++;
        }
        Assert.InRange(asked, 30, 500);
    }

    [Fact]
    public async Task No_operation_takes_a_member_it_does_not_name()
    {
        var asked = 0;
        foreach (var (method, path, operation) in Operations)
        {
            if (operation["requestBody"]?["content"]?["application/json"] is not { } json || json["example"] is not JsonObject example) continue;
            var body = example.DeepClone().AsObject();
            body["amuont"] = 100;
            using var request = new HttpRequestMessage(method, Concrete(path)) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            request.Headers.Add("If-Match", "*");
            request.Headers.Add("X-Reason", "why");
            var response = await shop.Admin.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{method} {path}: {(int)response.StatusCode} {text}");
            var problem = JsonDocument.Parse(text).RootElement;
            Assert.Equal(("request.malformed", "amuont"), (problem.GetProperty("code").GetString(), problem.GetProperty("name").GetString()));
            asked++;
        }
        Assert.InRange(asked, 25, 500);
    }

    [Fact]
    public async Task Nobody_of_staff_changes_anything_without_saying_why()
    {
        using var silent = shop.Guest();
        await shop.SignInAsync(silent, $"{Guid.NewGuid():N}@shop.test", AccountRole.Admin);
        var changes = Operations.Where(o => o.Path.StartsWith("/api/v1/admin/", StringComparison.Ordinal) && o.Method != HttpMethod.Get).ToList();
        Assert.InRange(changes.Count, 40, 500);
        foreach (var (method, path, operation) in changes)
        {
            Assert.True(operation["parameters"]!.AsArray().Any(p => p!["name"]!.GetValue<string>() == "X-Reason" && p["required"]?.GetValue<bool>() == true), $"{method} {path} does not document X-Reason");
            using var request = new HttpRequestMessage(method, Concrete(path));
            if (operation["requestBody"]?["content"]?["application/json"]?["example"] is { } example) request.Content = new StringContent(example.ToJsonString(), Encoding.UTF8, "application/json");
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            request.Headers.Add("If-Match", "*");
            var response = await silent.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest && text.Contains("audit.reason-missing", StringComparison.Ordinal), $"{method} {path}: {(int)response.StatusCode} {text}");
        }
    }

    [Theory]
    [InlineData("GET", "/api/v1/products?limit=many", null, "limit", "a whole number")]
    [InlineData("GET", "/api/v1/products?priceMin=abc", null, "priceMin", "a whole number")]
    [InlineData("GET", "/api/v1/products?available=maybe", null, "available", "true or false")]
    [InlineData("GET", "/api/v1/orders/OG-0000-0000", null, "key", "query string")]
    [InlineData("PUT", "/api/v1/baskets/none/lines/{id}", """{"quantity":"1"}""", "quantity", "a number")]
    [InlineData("PUT", "/api/v1/baskets/none/lines/{id}", """{"quantity":99999999999}""", "quantity", "too large")]
    [InlineData("PUT", "/api/v1/baskets/none/lines/{id}", "{}", null, "quantity")]
    [InlineData("PUT", "/api/v1/baskets/none/lines/{id}", """{"quantity":1,"size":{"a":1}}""", "size", "size")]
    [InlineData("POST", "/api/v1/orders", """{"basketId":"x","email":"a@b.example","shippingAddress":{"name":"A","line1":"R 1","postalCode":"1","city":"B","countryCode":"DE"}}""", "Idempotency-Key", "header")]
    public async Task What_cannot_be_read_is_named_as_the_document_names_it(string method, string path, string? body, string? name, string words)
    {
        path = path.Replace("{id}", Guid.NewGuid().ToString());
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        var response = await shop.Client.SendAsync(request);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((400, "request.malformed"), ((int)response.StatusCode, problem.GetProperty("code").GetString()));
        var detail = problem.GetProperty("detail").GetString()!;
        Assert.Equal(name, problem.TryGetProperty("name", out var named) ? named.GetString() : null);
        Assert.Contains(words, detail, StringComparison.Ordinal);
        Assert.All((string[])["Nullable", "System.", "Commerce.", "Api."], inside => Assert.DoesNotContain(inside, detail, StringComparison.Ordinal));
    }

    /// <summary>An address that could be there.</summary>
    private static string Concrete(string path) => string.Join('/', path.Split('/').Select(part => part switch
    {
        _ when !part.Contains('{', StringComparison.Ordinal) => part,
        "{number}" => "OG-0000-0000",
        "{slug}" or "{name}" => "none",
        _ => Guid.NewGuid().ToString(),
    }));

    private static List<string>? WordsOf(JsonNode schema)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference) return WordsOf(Document["components"]!["schemas"]![reference.Split('/')[^1]]!);
        return schema["enum"]?.AsArray().Where(v => v is not null).Select(v => v!.ToString()).ToList();
    }
}
