using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Api.Document;

/// <summary>What every problem holds beside RFC 9457's own members, which the framework's types do not say: the code, with all there are, and the trace id.</summary>
internal static class ProblemSchemas
{
    public static OpenApiOptions DescribeProblems(this OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        foreach (var (_, schema) in document.Components?.Schemas?.Where(s => s.Key is "ProblemDetails" or "HttpValidationProblemDetails") ?? [])
        {
            if (schema is not OpenApiSchema problem) continue;
            problem.Properties ??= new Dictionary<string, IOpenApiSchema>();
            problem.Properties["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = Codes };
            problem.Properties["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Trace of the request (W3C Trace Context), for whoever looks into it." };
            problem.Required = new HashSet<string> { "status", "code" };
            problem.Properties["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" };
        }
        return Task.CompletedTask;
    });

    private static string Codes =>
        "What was refused, in a stable word; more may come. "
        + string.Join(' ', Refusals.Statuses.Concat(Refusals.OfAnyAddress).GroupBy(c => c.Value).OrderBy(g => g.Key)
            .Select(g => $"{g.Key}: {string.Join(", ", g.Select(c => $"`{c.Key}`").Order(StringComparer.Ordinal))}."))
        + " What HTTP itself refuses otherwise is `request.` and the status, such as `request.405`.";
}
