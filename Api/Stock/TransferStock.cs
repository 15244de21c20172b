using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Orders;
using Commerce.Stock;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Api.Stock;

/// <summary>Units to move between locations.</summary>
public sealed record StockTransferRequest([property: Required] Guid FromId, [property: Required] Guid ToId, [property: Range(1, 1_000_000)] int Quantity);

/// <summary><c>POST /admin/stock/{variantId}/transfers</c></summary>
public static class TransferStock
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/stock/{variantId:guid}/transfers", HandleAsync)
        .WithName(nameof(TransferStock)).WithTags("Stock").WithSummary("Moves units nobody was promised to another location; answers what lies there then. The same Idempotency-Key is the same transfer.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<StockLevel>, ProblemHttpResult>> HandleAsync(
        Guid variantId, [FromHeader(Name = "Idempotency-Key"), StringLength(IdempotencyRecord.MaxKeyLength, MinimumLength = 8)] string? idempotencyKey,
        StockTransferRequest request, StaffCall call, ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        (await db.TransferStockAsync(variantId, request.FromId, request.ToId, request.Quantity, new StockInstruction(call.Actor, call.Reason, idempotencyKey), clock.GetUtcNow(), cancellation)).Answer();
}
