using Commerce;
using Commerce.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Staff;

/// <summary><c>GET /admin/accounts/{id}</c></summary>
public static class GetAccount
{
    public static void Map(IEndpointRouteBuilder admin) => admin.MapGet("/accounts/{id:guid}", HandleAsync)
        .WithName(nameof(GetAccount)).WithTags("Staff").WithSummary("An account, and the ETag that changing it needs.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<AccountView>, ProblemHttpResult>> HandleAsync(Guid id, HttpContext context, ShopDb db, CancellationToken cancellation)
    {
        var found = await db.FindAccountAsync(id, cancellation);
        if (found.Refusal is { } refusal) return refusal.Problem();
        context.SetETag(found.Value.SecurityStamp);
        return TypedResults.Ok(AccountView.Of(found.Value));
    }
}
