using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>POST /admin/products/{id}/variants</c> and <c>PUT /admin/products/{id}/variants/{variantId}</c></summary>
public static class ChangeVariant
{
    public static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapPost("/products/{id:guid}/variants", AddAsync).WithName("AddVariant").WithTags("Staff").WithSummary("Adds a variant with its prices.")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        staff.MapPut("/products/{id:guid}/variants/{variantId:guid}", ChangeAsync).WithName(nameof(ChangeVariant)).WithTags("Staff").WithSummary("Sets everything about a variant, all its prices included, but for its terms.")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static Task<Results<Ok<StaffProduct>, ProblemHttpResult>> AddAsync(
        Guid id, VariantRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, TimeProvider clock, HttpContext context, CancellationToken cancellation) =>
        SaveAsync(id, null, request, ifMatch, call, db, clock, context, cancellation);

    private static Task<Results<Ok<StaffProduct>, ProblemHttpResult>> ChangeAsync(
        Guid id, Guid variantId, VariantRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, TimeProvider clock, HttpContext context, CancellationToken cancellation) =>
        SaveAsync(id, variantId, request, ifMatch, call, db, clock, context, cancellation);

    private static async Task<Results<Ok<StaffProduct>, ProblemHttpResult>> SaveAsync(
        Guid id, Guid? variantId, VariantRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        if (await db.LoadProductAsync(id, cancellation) is not { } product) return ReadProduct.Missing(id);
        if (ifMatch.Refuses(product.Version) is { } changed) return changed;
        var described = product.Describe(variantId, request.Text(), clock.GetUtcNow());
        if (described.Refusal is { } refusal) return refusal.Problem();
        if (variantId is null) db.Add(described.Value);
        var action = variantId is null ? "catalogue.variant-added" : "catalogue.variant-changed";
        if (await db.SaveEditAsync(product, action, call.Actor, call.Reason, clock.GetUtcNow(), cancellation) is { } taken) return taken.Problem();
        return product.Answer(context);
    }
}
