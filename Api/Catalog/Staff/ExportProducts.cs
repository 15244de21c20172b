using System.Security.Claims;
using Api.Staff;
using Commerce.Catalog.Import;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>GET /admin/exports/products.csv</c></summary>
public static class ExportProducts
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/exports/products.csv", Handle)
        .WithName(nameof(ExportProducts)).WithTags("Staff").WithSummary("The whole catalogue as Shopify's product CSV; importing it again changes nothing. For an API key without the scope stock:read it has no columns about stock.")
        .Produces<string>(StatusCodes.Status200OK, "text/csv");

    private static PushStreamHttpResult Handle(CatalogExport export, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var withStock = user.MayRead(StaffArea.Stock);
        return TypedResults.Stream(stream => export.WriteAsync(stream, withStock, null, null, cancellation), "text/csv; charset=utf-8", "products.csv");
    }
}
