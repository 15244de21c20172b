using Commerce;
using Commerce.Stock;

namespace Api.Stock;

/// <summary><c>GET /admin/stock/locations</c></summary>
public static class ListLocations
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/stock/locations", HandleAsync)
        .WithName(nameof(ListLocations)).WithTags("Stock").WithSummary("All places stock lies in, in the order in which orders take from them.");

    private static Task<LocationList> HandleAsync(ShopDb db, CancellationToken cancellation) => db.ListLocationsAsync(cancellation);
}
