using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Stock;

/// <summary>How many units were found in a location: all that lie there, packed and unsent ones too.</summary>
public sealed record StockCountRequest([property: Required] Guid LocationId, [property: Range(0, StockItem.MaxOnHand)] int OnHand);

/// <summary><c>PUT /admin/stock/{variantId}/count</c></summary>
public static class CountStock
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPut("/stock/{variantId:guid}/count", HandleAsync)
        .WithName(nameof(CountStock)).WithTags("Stock").WithSummary("Brings the on-hand figure of a location to what was counted there, sold units that are not sent yet included; say why in X-Reason.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<StockLevel>, ProblemHttpResult>> HandleAsync(
        Guid variantId, StockCountRequest request, StaffCall call, ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        (await db.CountStockAsync(variantId, request.LocationId, request.OnHand, new StockInstruction(call.Actor, call.Reason), clock.GetUtcNow(), cancellation)).Answer();
}
