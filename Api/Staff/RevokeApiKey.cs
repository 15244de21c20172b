using Commerce;
using Commerce.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Staff;

/// <summary><c>DELETE /admin/api-keys/{id}</c></summary>
public static class RevokeApiKey
{
    public static void Map(IEndpointRouteBuilder admin) => admin.MapDelete("/api-keys/{id:guid}", HandleAsync)
        .WithName(nameof(RevokeApiKey)).WithTags("Staff").WithSummary("Ends an API key at once and for good; fine when it has ended already.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<ApiKeyView>, ProblemHttpResult>> HandleAsync(Guid id, StaffCall call, ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        (await db.RevokeApiKeyAsync(call.Actor, call.Reason, id, clock.GetUtcNow(), cancellation)).Answer();
}
