using Commerce;
using Commerce.Catalog;

namespace Api.Catalog;

/// <summary><c>GET /collections</c></summary>
public static class ListCollections
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/collections", HandleAsync)
        .WithName(nameof(ListCollections)).WithTags("Catalogue").WithSummary("All collections, in the shop's order.");

    private static Task<CollectionList> HandleAsync(ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        db.ListCollectionsAsync(clock.GetUtcNow(), cancellation);
}
