using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>PUT /admin/products/{id}</c></summary>
public static class ChangeProduct
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPut("/products/{id:guid}", HandleAsync)
        .WithName(nameof(ChangeProduct)).WithTags("Staff").WithSummary("Describes a product anew; another slug leaves a redirect at the old one.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<StaffProduct>, ProblemHttpResult>> HandleAsync(
        Guid id, ProductRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        if (await db.LoadProductAsync(id, cancellation) is not { } product) return ReadProduct.Missing(id);
        if (ifMatch.Refuses(product.Version) is { } changed) return changed;
        if (request.OptionNames is { } options && !options.SequenceEqual(product.OptionNames))
            return new Refusal(CatalogRefusals.OptionsInvalid, $"The options are changed by PUT /api/v1/admin/products/{id}/options, which says what becomes of the variants' values.").Problem();
        if (await db.DescribeAsync(product, request.Text(), cancellation) is { } refusal) return refusal.Problem();
        if (await db.SaveEditAsync(product, "catalogue.product-changed", call.Actor, call.Reason, clock.GetUtcNow(), cancellation) is { } taken) return taken.Problem();
        return product.Answer(context);
    }
}
