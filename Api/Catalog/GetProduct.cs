using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog;

/// <summary><c>GET /products/{slug}</c></summary>
public static class GetProduct
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/products/{slug}", HandleAsync)
        .WithName(nameof(GetProduct)).WithTags("Catalogue").WithSummary("One product with its variants, pictures and stock.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<ProductDetail>, Moved, ProblemHttpResult>> HandleAsync(string slug, ShopDb db, TimeProvider clock, CancellationToken cancellation,
        [RegularExpression("[A-Z]{3}"), Description("Currency of the prices.")] string currency = Money.ShopCurrency)
    {
        var found = await db.FindProductAsync(slug, clock.GetUtcNow(), cancellation, currency);
        if (found.Refusal is not { } refusal) return TypedResults.Ok(found.Value);
        return Moved.From(refusal, "/api/v1/products") is { } moved ? moved : refusal.Problem();
    }
}
