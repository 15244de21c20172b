using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>DELETE /admin/products/{id}/variants/{variantId}</c></summary>
public static class WithdrawVariant
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapDelete("/products/{id:guid}/variants/{variantId:guid}", HandleAsync)
        .WithName(nameof(WithdrawVariant)).WithTags("Staff")
        .WithSummary("Takes a variant out of the product for good: open baskets drop it, its SKU is free again, orders keep their lines and the ledger its history. Refused while a bundle is made of it.")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<StaffProduct>, ProblemHttpResult>> HandleAsync(
        Guid id, Guid variantId, IfMatch ifMatch, StaffCall call, ShopDb db, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        if (await db.LoadProductAsync(id, cancellation) is not { } product) return ReadProduct.Missing(id);
        if (ifMatch.Refuses(product.Version) is { } changed) return changed;
        if (await db.WithdrawAsync(product, variantId, call.Actor, call.Reason, clock.GetUtcNow(), cancellation) is { } refusal) return refusal.Problem();
        return product.Answer(context);
    }
}
