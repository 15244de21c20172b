using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Api.Document;

/// <summary>What every request of a kind can be refused with before its endpoint is asked: another site's page, a body that cannot be read, no reason.</summary>
internal static class Doors
{
    public static OpenApiOptions DescribeDoors(this OpenApiOptions options) => options.AddOperationTransformer((operation, context, _) =>
    {
        if (operation.Responses is not { } responses || !responses.TryGetValue($"{StatusCodes.Status429TooManyRequests}", out var refusal)) return Task.CompletedTask;
        var problem = refusal.Content!.Single();
        foreach (var status in Of(operation, context))
        {
            var content = new Dictionary<string, OpenApiMediaType> { [problem.Key] = new() { Schema = problem.Value.Schema } };
            responses.TryAdd($"{status}", new OpenApiResponse { Description = ReasonPhrases.GetReasonPhrase(status), Content = content });
        }
        return Task.CompletedTask;
    });

    private static IEnumerable<int> Of(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        if (!HttpMethods.IsGet(context.Description.HttpMethod ?? "")) yield return StatusCodes.Status403Forbidden;
        yield return StatusCodes.Status400BadRequest;
        if (operation.RequestBody is null) yield break;
        yield return StatusCodes.Status413PayloadTooLarge;
        yield return StatusCodes.Status415UnsupportedMediaType;
    }
}
