using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Api.Limits;
using Commerce.Accounts;
using Commerce.Orders;
using Commerce.Payments;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
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

    private static readonly Dictionary<int, (string Code, string Detail)> Problems = new()
    {
        [401] = (AccountRefusals.SignInNeeded, "Sign in first."),
        [403] = (AccountRefusals.Forbidden, "This account may not do that."),
        [404] = (OrderRefusals.NotFound, "There is no order with this number and key."),
        [409] = (OrderRefusals.AlreadyPaid, "The order is paid."),
        [412] = (Preconditions.Failed, "Somebody changed it since you read it; read it again."),
        [413] = (Refusals.TooLarge, "The body is larger than this address takes."),
        [422] = (OrderRefusals.BasketEmpty, "There is nothing in the basket."),
        [428] = (Preconditions.Required, "Send the ETag you read as If-Match, so that nobody else's change is lost."),
        [429] = (RateLimits.Exceeded, "Too many requests; wait as long as Retry-After says."),
        [502] = (PaymentRefusals.GatewayRefused, "The payment provider refuses this; nothing was charged. It has been logged under this trace id."),
        [503] = (Refusals.Unavailable, "The shop cannot reach its database; nothing was changed."),
    };

    public static OpenApiOptions GiveExamples(this OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        var answers = (document.Components ??= new OpenApiComponents()).Examples ??= new Dictionary<string, IOpenApiExample>();
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations ?? []).Select(o => o.Value))
        {
            if (operation.RequestBody?.Content?.TryGetValue(Json, out var body) == true) body.Example = Of(body.Schema!, "", "");
            foreach (var (status, answer) in operation.Responses ?? new OpenApiResponses())
            {
                if (answer.Content?.TryGetValue(Json, out var json) == true && json.Schema is OpenApiSchemaReference { Reference.Id: { } name } shape) Refer(json, name, () => Of(shape, "", ""));
                if (answer.Content?.TryGetValue(ProblemJson, out var problem) == true) Refer(problem, $"Problem{status}", () => Problem(int.Parse(status, CultureInfo.InvariantCulture)));
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

    private static JsonNode? Problem(int status)
    {
        var (code, detail) = Problems.GetValueOrDefault(status, ("request.invalid", "One or more values are not valid."));
        ProblemDetails problem = status == StatusCodes.Status400BadRequest
            ? new HttpValidationProblemDetails(new Dictionary<string, string[]> { ["quantity"] = ["The field Quantity must be between 0 and 99."] }) { Type = "https://tools.ietf.org/html/rfc9110#section-15.5.1" }
            : new ProblemDetails { Type = $"urn:problem:{code}", Title = ReasonPhrases.GetReasonPhrase(status), Detail = detail };
        problem.Status = status;
        problem.Extensions["code"] = code;
        problem.Extensions["traceId"] = Samples.TraceId;
        return JsonSerializer.SerializeToNode(problem, problem.GetType(), JsonSerializerOptions.Web);
    }
}
