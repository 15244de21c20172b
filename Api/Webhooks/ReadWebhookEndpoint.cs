using Commerce.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Webhooks;

/// <summary><c>GET /admin/webhook-endpoints/{id}</c></summary>
public static class ReadWebhookEndpoint
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/webhook-endpoints/{id:guid}", HandleAsync)
        .WithName(nameof(ReadWebhookEndpoint)).WithTags("Webhooks").WithSummary("One endpoint. The ETag is for If-Match.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<WebhookEndpointView>, ProblemHttpResult>> HandleAsync(Guid id, WebhookVerbs webhooks, HttpContext context, CancellationToken cancellation) =>
        (await webhooks.FindAsync(id, cancellation)).Answer(context, e => e.Version);
}
