using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>PUT</c> and <c>DELETE /admin/collections/{id}/products/{productId}</c></summary>
public static class ChangeMembership
{
    public static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapPut("/collections/{id:guid}/products/{productId:guid}", (Guid id, Guid productId, StaffCall call, ShopDb db, CancellationToken cancellation) => SaveAsync(id, productId, true, call, db, cancellation))
            .WithName("AddToCollection").WithTags("Staff").WithSummary("Puts a product into a collection made by hand.").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        staff.MapDelete("/collections/{id:guid}/products/{productId:guid}", (Guid id, Guid productId, StaffCall call, ShopDb db, CancellationToken cancellation) => SaveAsync(id, productId, false, call, db, cancellation))
            .WithName("RemoveFromCollection").WithTags("Staff").WithSummary("Takes a product out of a collection made by hand.").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SaveAsync(Guid id, Guid productId, bool isMember, StaffCall call, ShopDb db, CancellationToken cancellation) =>
        await db.SetMemberAsync(id, productId, isMember, call.Actor, call.Reason, cancellation) is { } refusal ? refusal.Problem() : TypedResults.NoContent();
}
