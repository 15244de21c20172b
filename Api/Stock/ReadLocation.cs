using Commerce;
using Commerce.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Stock;

/// <summary><c>GET /admin/stock/locations/{id}</c></summary>
public static class ReadLocation
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/stock/locations/{id:guid}", HandleAsync)
        .WithName(nameof(ReadLocation)).WithTags("Stock").WithSummary("A place stock lies in. Its ETag is for If-Match.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<LocationView>, ProblemHttpResult>> HandleAsync(Guid id, ShopDb db, HttpContext context, CancellationToken cancellation) =>
        (await db.FindLocationAsync(id, cancellation)).Answer(context, location => location.Version);
}
