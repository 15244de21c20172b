using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>DELETE /admin/collections/{id}</c></summary>
public static class RemoveCollection
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapDelete("/collections/{id:guid}", HandleAsync)
        .WithName(nameof(RemoveCollection)).WithTags("Staff").WithSummary("Takes a collection away, with the redirects that lead to it; its products stay.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, IfMatch ifMatch, StaffCall call, ShopDb db, CancellationToken cancellation)
    {
        if (await db.Collections.FindAsync([id], cancellation) is not { } collection) return ReadCollection.Missing(id);
        if (ifMatch.Refuses(collection.Version) is { } changed) return changed;
        return await db.RemoveAsync(collection, call.Actor, call.Reason, cancellation) is { } refusal ? refusal.Problem() : TypedResults.NoContent();
    }
}
