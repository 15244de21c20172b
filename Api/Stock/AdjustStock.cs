using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Stock;

/// <summary>Units that came (positive) or went (negative), such as 24 or -1.</summary>
public sealed record StockAdjustmentRequest([property: Required] Guid LocationId, [property: Range(-1_000_000, 1_000_000)] int Delta);

/// <summary><c>POST /admin/stock/{variantId}/adjustments</c></summary>
public static class AdjustStock
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/stock/{variantId:guid}/adjustments", HandleAsync)
        .WithName(nameof(AdjustStock)).WithTags("Stock").WithSummary("Adds units to a location or takes them away; say why in X-Reason.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<StockLevel>, ProblemHttpResult>> HandleAsync(
        Guid variantId, StockAdjustmentRequest request, StaffCall call, ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        (await db.AdjustStockAsync(variantId, request.LocationId, request.Delta, call.Actor, call.Reason, clock.GetUtcNow(), cancellation)).Answer();
}
