using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Staff;

/// <summary><c>GET /admin/api-keys</c></summary>
public static class ListApiKeys
{
    public static void Map(IEndpointRouteBuilder admin) => admin.MapGet("/api-keys", HandleAsync)
        .WithName(nameof(ListApiKeys)).WithTags("Staff").WithSummary("Every API key there was, without its secret; newest first.")
        .ProducesValidationProblem();

    private static async Task<Results<Ok<ApiKeyPage>, ProblemHttpResult>> HandleAsync(
        ShopDb db, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 50,
        [StringLength(IdCursor.Length), Description("nextCursor of the page before.")] string? cursor = null) =>
        (await db.ListApiKeysAsync(limit, cursor, cancellation)).Answer();
}
