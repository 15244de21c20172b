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
        Guid id, LocationRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, HttpContext context, CancellationToken cancellation)
    {
        var seen = await db.FindLocationAsync(id, cancellation);
        if (seen.Refusal is { } unknown) return unknown.Problem();
        if (ifMatch.Refuses(seen.Value.Version) is { } changed) return changed;
        return (await db.ChangeLocationAsync(id, seen.Value.Version, request.Name.Trim(), request.Priority, call.Actor, call.Reason, cancellation))
            .Answer(context, location => location.Version);
    }
}
