using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Catalog.Import;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>GET /admin/imports</c></summary>
public static class ListImports
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/imports", HandleAsync)
        .WithName(nameof(ListImports)).WithTags("Staff").WithSummary("The imports that were sent over the API, newest first.")
        .ProducesValidationProblem();

    private static async Task<Results<Ok<ImportPage>, ProblemHttpResult>> HandleAsync(
        ShopDb db, TimeProvider clock, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 50,
        [StringLength(IdCursor.Length), Description("nextCursor of the page before.")] string? cursor = null) =>
        (await db.ListImportsAsync(limit, cursor, clock.GetUtcNow(), cancellation)).Answer();
}
