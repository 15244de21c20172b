using Commerce;
using Commerce.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Stock;

/// <summary><c>GET /admin/stock/{variantId}/bundle</c></summary>
public static class ReadBundle
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/stock/{variantId:guid}/bundle", HandleAsync)
        .WithName(nameof(ReadBundle)).WithTags("Stock").WithSummary("What a variant is made of; no components: it is no bundle. Its ETag is for If-Match.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<BundleView>, ProblemHttpResult>> HandleAsync(Guid variantId, ShopDb db, HttpContext context, CancellationToken cancellation) =>
        (await db.FindBundleAsync(variantId, cancellation)).Answer(context, bundle => bundle.Version);
}
