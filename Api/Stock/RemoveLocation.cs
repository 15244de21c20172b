using Api.Staff;
using Commerce;
using Commerce.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Stock;

/// <summary><c>DELETE /admin/stock/locations/{id}</c></summary>
public static class RemoveLocation
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapDelete("/stock/locations/{id:guid}", HandleAsync)
        .WithName(nameof(RemoveLocation)).WithTags("Stock").WithSummary("Takes away a location that never held stock.")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<LocationView>, ProblemHttpResult>> HandleAsync(
        Guid id, StaffCall call, ShopDb db, CancellationToken cancellation) =>
        (await db.RemoveLocationAsync(id, call.Actor, call.Reason, cancellation)).Answer();
}
