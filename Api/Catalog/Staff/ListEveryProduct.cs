using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>GET /admin/products</c></summary>
public static class ListEveryProduct
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/products", HandleAsync)
        .WithName(nameof(ListEveryProduct)).WithTags("Staff").WithSummary("Products in any state, newest first, searched by a part of the title, the slug or a SKU.")
        .ProducesValidationProblem();

    private static async Task<Results<Ok<StaffProductPage>, ProblemHttpResult>> HandleAsync(
        ShopDb db, TimeProvider clock, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 50,
        [StringLength(IdCursor.Length), Description("nextCursor of the page before.")] string? cursor = null,
        [StringLength(255), Description("Part of a title, a slug or a SKU.")] string? search = null,
        [Matches("draft|scheduled|on-sale|archived"), Description("Only products in this state: draft, scheduled, on-sale or archived.")] string? state = null)
    {
        ProductState? only = state is null ? null : KnownWord.Read<ProductState>(state);
        return (await db.ListEveryProductAsync(search, only, limit, cursor, clock.GetUtcNow(), cancellation)).Answer();
    }
}
