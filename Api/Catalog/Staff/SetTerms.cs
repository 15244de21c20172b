using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Baskets;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary>How a variant is sold; without maxQuantity as many as a basket takes, without lowStockThreshold it is low at the shop's number.</summary>
public sealed record TermsRequest(
    [property: Range(1, Basket.MaxQuantity)] int MinQuantity, [property: Range(1, Basket.MaxQuantity)] int? MaxQuantity, [property: Range(1, Basket.MaxQuantity)] int QuantityStep,
    [property: Range(0, SellingTerms.MaxLowStock)] int? LowStockThreshold, bool AllowsBackorder, [property: Required, Matches("[a-z0-9-]{1,40}")] string TaxClass) : IValidatableObject
{
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxQuantity < MinQuantity) yield return new ValidationResult("No quantity is both at least the minimum and at most the maximum.", [nameof(MaxQuantity)]);
    }

    internal SellingTerms ToTerms() => new(MinQuantity, MaxQuantity, QuantityStep, LowStockThreshold, AllowsBackorder, TaxClass);
}

/// <summary><c>PUT /admin/products/{id}/variants/{variantId}/terms</c></summary>
public static class SetTerms
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPut("/products/{id:guid}/variants/{variantId:guid}/terms", HandleAsync)
        .WithName(nameof(SetTerms)).WithTags("Staff").WithSummary("Decides how a variant is sold: quantities, tax class, when it is low, and whether beyond what there is. If-Match takes the product's ETag.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<StaffProduct>, ProblemHttpResult>> HandleAsync(
        Guid id, Guid variantId, TermsRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        if (await db.FindProductVersionAsync(id, cancellation) is not { } seen) return ReadProduct.Missing(id);
        if (ifMatch.Refuses(seen) is { } changed) return changed;
        var set = await db.SetTermsAsync(id, seen, variantId, request.ToTerms(), call.Actor, call.Reason, clock.GetUtcNow(), cancellation);
        return set.Refusal is { } refusal ? refusal.Problem() : set.Value.Answer(context);
    }
}
