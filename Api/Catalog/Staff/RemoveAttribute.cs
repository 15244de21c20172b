using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>DELETE /admin/attributes/{key}</c></summary>
public static class RemoveAttribute
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapDelete("/attributes/{key}", HandleAsync)
        .WithName(nameof(RemoveAttribute)).WithTags("Staff").WithSummary("Takes an attribute away, with its values on every product.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string key, IfMatch ifMatch, StaffCall call, ShopDb db, TimeProvider clock, CancellationToken cancellation)
    {
        if (await db.FindAsync<AttributeDefinition>([key], cancellation) is not { } definition) return Attributes.Missing(key);
        if (ifMatch.Refuses(Attributes.Version(definition)) is { } changed) return changed;
        return await db.RemoveAsync(definition, call.Actor, call.Reason, clock.GetUtcNow(), cancellation) is { } refusal ? refusal.Problem() : TypedResults.NoContent();
    }
}
