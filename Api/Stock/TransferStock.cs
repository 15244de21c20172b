using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Stock;

/// <summary>Units to move between locations.</summary>
public sealed record StockTransferRequest([property: Required] Guid FromId, [property: Required] Guid ToId, [property: Range(1, 1_000_000)] int Quantity);

/// <summary><c>POST /admin/stock/{variantId}/transfers</c></summary>
public static class TransferStock
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/stock/{variantId:guid}/transfers", HandleAsync)
        .WithName(nameof(TransferStock)).WithTags("Stock").WithSummary("Moves units nobody was promised to another location; answers what lies there then.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<StockLevel>, ProblemHttpResult>> HandleAsync(
        Guid variantId, StockTransferRequest request, StaffCall call, ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        (await db.TransferStockAsync(variantId, request.FromId, request.ToId, request.Quantity, call.Actor, call.Reason, clock.GetUtcNow(), cancellation)).Answer();
}
