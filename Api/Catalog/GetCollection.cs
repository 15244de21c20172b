using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog;

/// <summary><c>GET /collections/{slug}</c></summary>
public static class GetCollection
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/collections/{slug}", HandleAsync)
        .WithName(nameof(GetCollection)).WithTags("Catalogue").WithSummary("One collection.").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<CollectionView>, Moved, ProblemHttpResult>> HandleAsync(string slug, ShopDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var found = await db.FindCollectionAsync(slug, clock.GetUtcNow(), cancellation);
        if (found.Refusal is not { } refusal) return TypedResults.Ok(found.Value);
        return Moved.From(refusal, "/api/v1/collections") is { } moved ? moved : refusal.Problem();
    }
}
