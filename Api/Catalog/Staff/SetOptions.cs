using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary>An option, in the order they are chosen. From is what it is called now, when that is another name; value is what all variants get of a new one.</summary>
public sealed record OptionRequest(
    [property: Required, StringLength(CatalogLimits.Name, MinimumLength = 1)] string Name, [property: StringLength(CatalogLimits.Name, MinimumLength = 1)] string? From = null,
    [property: StringLength(CatalogLimits.Name, MinimumLength = 1)] string? Value = null);

/// <summary>All options the product is to have; those that are not named are removed.</summary>
public sealed record OptionsRequest([property: Required, MaxLength(3)] IReadOnlyList<OptionRequest> Options);

/// <summary><c>PUT /admin/products/{id}/options</c></summary>
public static class SetOptions
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPut("/products/{id:guid}/options", HandleAsync)
        .WithName(nameof(SetOptions)).WithTags("Staff")
        .WithSummary("Renames, orders, adds and removes the options of a product. Variants keep the values of those that stay; refused when two of them could no longer be told apart.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<StaffProduct>, ProblemHttpResult>> HandleAsync(
        Guid id, OptionsRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        if (await db.LoadProductAsync(id, cancellation) is not { } product) return ReadProduct.Missing(id);
        if (ifMatch.Refuses(product.Version) is { } changed) return changed;
        if (product.SetOptions([.. request.Options.Select(o => new OptionText(o.Name, o.From, o.Value))]) is { } refusal) return refusal.Problem();
        if (await db.SaveEditAsync(product, "catalogue.options-changed", call.Actor, call.Reason, clock.GetUtcNow(), cancellation) is { } lost) return lost.Problem();
        return product.Answer(context);
    }
}
