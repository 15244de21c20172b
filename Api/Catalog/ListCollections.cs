using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog;

/// <summary><c>GET /collections</c></summary>
public static class ListCollections
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/collections", HandleAsync)
        .WithName(nameof(ListCollections)).WithTags("Catalogue").WithSummary("All collections, in the shop's order.");

    private static async Task<Results<CachedJson<CollectionList>, ProblemHttpResult>> HandleAsync(CatalogAnswers answers, CancellationToken cancellation) =>
        (await answers.ListAsync<CollectionList>("collections", async (db, now, token) => await db.ListCollectionsAsync(now, token), cancellation)).Answer();
}
