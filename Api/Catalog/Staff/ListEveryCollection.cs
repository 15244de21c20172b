using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>GET /admin/collections</c></summary>
public static class ListEveryCollection
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/collections", HandleAsync)
        .WithName(nameof(ListEveryCollection)).WithTags("Staff").WithSummary("All collections with their ids, newest first.").ProducesValidationProblem();

    private static async Task<Results<Ok<StaffCollectionPage>, ProblemHttpResult>> HandleAsync(
        ShopDb db, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 50,
        [StringLength(IdCursor.Length), Description("nextCursor of the page before.")] string? cursor = null) =>
        (await db.ListEveryCollectionAsync(limit, cursor, cancellation)).Answer();
}
