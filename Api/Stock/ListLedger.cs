using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Stock;

/// <summary><c>GET /admin/stock/{variantId}/ledger</c></summary>
public static class ListLedger
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/stock/{variantId:guid}/ledger", HandleAsync)
        .WithName(nameof(ListLedger)).WithTags("Stock").WithSummary("Every change of a variant's stock, newest first; its sum is what is there.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<LedgerPage>, ProblemHttpResult>> HandleAsync(
        Guid variantId, ShopDb db, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 50,
        [StringLength(RowCursor.Length), Description("nextCursor of the page before.")] string? cursor = null) =>
        (await db.ListLedgerAsync(variantId, limit, cursor, cancellation)).Answer();
}
