using Commerce.Catalog.Import;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>GET /admin/exports/products.csv</c></summary>
public static class ExportProducts
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/exports/products.csv", Handle)
        .WithName(nameof(ExportProducts)).WithTags("Staff").WithSummary("The whole catalogue as Shopify's product CSV; importing it again changes nothing.")
        .Produces<string>(StatusCodes.Status200OK, "text/csv");

    private static PushStreamHttpResult Handle(CatalogExport export, CancellationToken cancellation) =>
        TypedResults.Stream(stream => export.WriteAsync(stream, null, null, cancellation), "text/csv; charset=utf-8", "products.csv");
}
