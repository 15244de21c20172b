using Commerce;
using Commerce.Shipping;

namespace Api.Orders;

/// <summary><c>GET /shipping-countries</c></summary>
public static class ListShippingCountries
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/shipping-countries", (ShopDb db, CancellationToken cancellation) => db.ListShippingCountriesAsync(cancellation))
        .WithName(nameof(ListShippingCountries)).WithTags("Orders").WithSummary("The countries the shop delivers to, and what belongs to an address there.");
}
