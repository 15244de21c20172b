using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Api.Document;

/// <summary>Any JSON is also null: "any JSON, or else null" would be both at once, which <c>oneOf</c> takes for neither.</summary>
internal static class AnyJson
{
    public static OpenApiOptions DescribeAnyJson(this OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        foreach (var schema in document.Components?.Schemas?.Values ?? [])
            foreach (var (name, property) in schema.Properties?.ToList() ?? [])
                if (property.OneOf?.OfType<OpenApiSchemaReference>().FirstOrDefault(r => r.Reference.Id == nameof(JsonElement)) is { } any) schema.Properties![name] = any;
        return Task.CompletedTask;
    });
}
