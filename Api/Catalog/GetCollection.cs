using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog;

/// <summary><c>GET /collections/{slug}</c></summary>
public static class GetCollection
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/collections/{slug}", HandleAsync)
        .WithName(nameof(GetCollection)).WithTags("Catalogue").WithSummary("One collection.").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<CollectionView>, ProblemHttpResult>> HandleAsync(string slug, ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        (await db.FindCollectionAsync(slug, clock.GetUtcNow(), cancellation)).Answer();
}
