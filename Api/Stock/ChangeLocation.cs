using Api.Staff;
using Commerce;
using Commerce.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Stock;

/// <summary><c>PUT /admin/stock/locations/{id}</c></summary>
public static class ChangeLocation
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPut("/stock/locations/{id:guid}", HandleAsync)
        .WithName(nameof(ChangeLocation)).WithTags("Stock").WithSummary("Another name or priority for a location.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<LocationView>, ProblemHttpResult>> HandleAsync(
        Guid id, LocationRequest request, StaffCall call, ShopDb db, CancellationToken cancellation) =>
        (await db.ChangeLocationAsync(id, request.Name.Trim(), request.Priority, call.Actor, call.Reason, cancellation)).Answer();
}
