using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Stock;

/// <summary>A place stock lies in; orders take from the lowest priority first.</summary>
public sealed record LocationRequest([property: Required, OneLine, StringLength(Location.MaxNameLength, MinimumLength = 1)] string Name, [property: Range(0, 1000)] int Priority = 0);

/// <summary><c>POST /admin/stock/locations</c></summary>
public static class AddLocation
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/stock/locations", HandleAsync)
        .WithName(nameof(AddLocation)).WithTags("Stock").WithSummary("A new place for stock to lie in.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Created<LocationView>, ProblemHttpResult>> HandleAsync(
        LocationRequest request, StaffCall call, ShopDb db, HttpContext context, CancellationToken cancellation)
    {
        var added = await db.AddLocationAsync(request.Name.Trim(), request.Priority, call.Actor, call.Reason, cancellation);
        if (added.Refusal is { } refusal) return refusal.Problem();
        context.SetETag(added.Value.Version);
        return TypedResults.Created($"/api/v1/admin/stock/locations/{added.Value.Id}", added.Value);
    }
}
