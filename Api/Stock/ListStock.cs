using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Stock;

/// <summary><c>GET /admin/stock</c></summary>
public static class ListStock
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/stock", HandleAsync)
        .WithName(nameof(ListStock)).WithTags("Stock").WithSummary("What lies where: on hand, unsent, reserved and available, per variant and location.")
        .ProducesValidationProblem();

    private static async Task<Results<Ok<StockLevelPage>, ProblemHttpResult>> HandleAsync(
        ShopDb db, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 50,
        [StringLength(IdCursor.Length), Description("nextCursor of the page before.")] string? cursor = null,
        Guid? variantId = null, Guid? locationId = null, [Description("Only what has fallen to its low-stock threshold.")] bool low = false) =>
        (await db.ListStockAsync(new StockReads.Filter(variantId, locationId, low), limit, cursor, cancellation)).Answer();
}
