using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog;

/// <summary><c>GET /collections/{slug}</c></summary>
public static class GetCollection
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/collections/{slug}", HandleAsync)
        .WithName(nameof(GetCollection)).WithTags("Catalogue").WithSummary("One collection.").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<CachedJson<CollectionView>, Moved, ProblemHttpResult>> HandleAsync(string slug, CatalogAnswers answers, CancellationToken cancellation)
    {
        var found = await answers.ListAsync($"collection:{slug}", (db, now, token) => db.FindCollectionAsync(slug, now, token), cancellation);
        if (found.Refusal is not { } refusal) return found.Value;
        return Moved.From(refusal, "/api/v1/collections") is { } moved ? moved : refusal.Problem();
    }
}
