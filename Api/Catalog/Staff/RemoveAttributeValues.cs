using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>DELETE /admin/products/{id}/attributes/{key}</c></summary>
public static class RemoveAttributeValues
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapDelete("/products/{id:guid}/attributes/{key}", HandleAsync)
        .WithName(nameof(RemoveAttributeValues)).WithTags("Staff").WithSummary("Takes an attribute from one product: the value named, or all it has. The ETag is that of the product.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<StaffProduct>, ProblemHttpResult>> HandleAsync(
        Guid id, string key, [StringLength(ProductAttribute.MaxValueLength)] string? value, IfMatch ifMatch, StaffCall call, ShopDb db, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        if (await db.LoadProductAsync(id, cancellation) is not { } product) return ReadProduct.Missing(id);
        if (ifMatch.Refuses(product.Version) is { } changed) return changed;
        if (await db.RemoveAttributeAsync(product, key, value, call.Actor, call.Reason, clock.GetUtcNow(), cancellation) is { } refusal) return refusal.Problem();
        return product.Answer(context);
    }
}
