using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

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

    private static async Task<Results<NoContent, ProblemHttpResult>> SaveAsync(Guid id, Guid productId, bool isMember, StaffCall call, ShopDb db, CancellationToken cancellation)
    {
        var collection = await db.Collections.AsSplitQuery().Include(c => c.Rules).Include(c => c.Products.Where(p => p.ProductId == productId)).FirstOrDefaultAsync(c => c.Id == id, cancellation);
        if (collection is null) return ReadCollection.Missing(id);
        if (!await db.Products.AnyAsync(p => p.Id == productId, cancellation)) return ReadProduct.Missing(productId);
        if (collection.Rules.Count > 0) return new Refusal(CatalogRefusals.ByRule, "This collection is made by its rules; change them instead.").Problem();
        if (collection.Products.Count > 0 == isMember) return TypedResults.NoContent();
        if (isMember) db.Add(new CollectionProduct { CollectionId = id, ProductId = productId });
        else collection.Products.Clear();
        var action = isMember ? "catalogue.product-collected" : "catalogue.product-uncollected";
        return await db.SaveEditAsync(collection, action, call.Actor, call.Reason, cancellation) is { } refusal ? refusal.Problem() : TypedResults.NoContent();
    }
}
