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
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<BundleView>, ProblemHttpResult>> HandleAsync(
        Guid variantId, BundleRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, HttpContext context, CancellationToken cancellation)
    {
        var seen = await db.FindBundleAsync(variantId, cancellation);
        if (seen.Refusal is { } unknown) return unknown.Problem();
        if (ifMatch.Refuses(seen.Value.Version) is { } changed) return changed;
        return (await db.SetBundleAsync(variantId, seen.Value.Version, [.. request.Components.Select(c => new BundlePart(c.VariantId, c.Quantity))], call.Actor, call.Reason, cancellation))
            .Answer(context, bundle => bundle.Version);
    }
}
