using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Api.Document;

/// <summary>
/// An example for every body that is sent, and one of every answer, made from its schema and what <see cref="Samples"/> has for its properties.
/// So a new request or answer has one as soon as its words are known; a test says which are not.
/// </summary>
internal static class Examples
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    public static OpenApiOptions GiveExamples(this OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        var answers = (document.Components ??= new OpenApiComponents()).Examples ??= new Dictionary<string, IOpenApiExample>();
        foreach (var (path, operation) in document.Paths.SelectMany(p => (p.Value.Operations ?? []).Values.Select(operation => (p.Key, operation))))
        {
            if (operation.RequestBody?.Content?.TryGetValue(Json, out var body) == true) body.Example = Of(body.Schema!, "", "");
            foreach (var (status, answer) in operation.Responses ?? new OpenApiResponses())
            {
                if (answer.Content?.TryGetValue(Json, out var json) == true && json.Schema is OpenApiSchemaReference { Reference.Id: { } name } shape) Refer(json, name, () => Of(shape, "", ""));
                if (answer.Content?.TryGetValue(ProblemJson, out var problem) != true) continue;
                var (code, make) = Problems.Of(path, int.Parse(status, CultureInfo.InvariantCulture));
                Refer(problem!, code, make);
            }
        }
        return Task.CompletedTask;

        // An answer of many operations is in the document once.
        void Refer(OpenApiMediaType media, string name, Func<JsonNode?> make)
        {
            if (!answers.ContainsKey(name)) answers[name] = new OpenApiExample { Value = make() };
            media.Examples = new Dictionary<string, IOpenApiExample> { [name] = new OpenApiExampleReference(name, document) };
        }
    });

    private static JsonNode? Of(IOpenApiSchema schema, string record, string property)
    {
        if (Samples.TryFind(record, property, out var sample)) return sample is JsonArray or null || schema.Type is not { } type || !type.HasFlag(JsonSchemaType.Array) ? sample : new JsonArray(sample);
        if (schema.OneOf?.FirstOrDefault(s => s.Type != JsonSchemaType.Null) is { } one) return Of(one, record, property);
        if (schema.Enum is [{ } word, ..]) return word.DeepClone();
        if (schema.Examples is [{ } example, ..]) return example.DeepClone();
        if (schema.Items is { } items) return new JsonArray(Of(items, record, property));
        if (schema.Properties is not { Count: > 0 } properties) return Plain(schema);
        var owner = schema is OpenApiSchemaReference { Reference.Id: { } id } ? id : record;
        return new JsonObject(properties.Select(p => KeyValuePair.Create(p.Key, Of(p.Value, owner, p.Key))));
    }

    private static JsonNode? Plain(IOpenApiSchema schema) => (schema.Type & ~JsonSchemaType.Null) switch
    {
        JsonSchemaType.Boolean => false,
        JsonSchemaType.Integer or JsonSchemaType.Number => 1,
        JsonSchemaType.String => Samples.OfFormat(schema.Format) ?? "",
        _ => new JsonObject(),
    };
}
