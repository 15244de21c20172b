using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Orders;
using Commerce.Stock;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Api.Stock;

/// <summary>Units that came (positive) or went (negative), such as 24 or -1.</summary>
public sealed record StockAdjustmentRequest([property: Required] Guid LocationId, [property: Range(-1_000_000, 1_000_000)] int Delta);

/// <summary><c>POST /admin/stock/{variantId}/adjustments</c></summary>
public static class AdjustStock
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/stock/{variantId:guid}/adjustments", HandleAsync)
        .WithName(nameof(AdjustStock)).WithTags("Stock").WithSummary("Adds units to a location or takes them away; say why in X-Reason. The same Idempotency-Key is the same adjustment.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<StockLevel>, ProblemHttpResult>> HandleAsync(
        Guid variantId, [FromHeader(Name = "Idempotency-Key"), StringLength(IdempotencyRecord.MaxKeyLength, MinimumLength = 8)] string? idempotencyKey,
        StockAdjustmentRequest request, StaffCall call, ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        (await db.AdjustStockAsync(variantId, request.LocationId, request.Delta, new StockInstruction(call.Actor, call.Reason, idempotencyKey), clock.GetUtcNow(), cancellation)).Answer();
}
