using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Stock;

/// <summary>What one unit of the bundle takes; empty: no bundle any more.</summary>
public sealed record BundleRequest([property: Required, MaxLength(BundleComponent.MaxComponents)] IReadOnlyList<BundlePartRequest> Components);

/// <summary>A variant and how many of it one bundle takes.</summary>
public sealed record BundlePartRequest([property: Required] Guid VariantId, [property: Range(1, BundleComponent.MaxQuantity)] int Quantity);

/// <summary><c>PUT /admin/stock/{variantId}/bundle</c></summary>
public static class SetBundle
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPut("/stock/{variantId:guid}/bundle", HandleAsync)
        .WithName(nameof(SetBundle)).WithTags("Stock").WithSummary("Makes a variant a bundle that takes its components' stock, or an ordinary variant again.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<BundleView>, ProblemHttpResult>> HandleAsync(
        Guid variantId, BundleRequest request, StaffCall call, ShopDb db, CancellationToken cancellation) =>
        (await db.SetBundleAsync(variantId, [.. request.Components.Select(c => new BundlePart(c.VariantId, c.Quantity))], call.Actor, call.Reason, cancellation)).Answer();
}
