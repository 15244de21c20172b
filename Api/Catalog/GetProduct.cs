using System.ComponentModel;
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

    private static async Task<Results<CachedJson<ProductDetail>, Moved, ProblemHttpResult>> HandleAsync(string slug, CatalogAnswers answers, CancellationToken cancellation,
        [Matches("[A-Z]{3}"), Description("Currency of the prices.")] string currency = Money.ShopCurrency)
    {
        var found = await answers.ProductAsync(slug, currency, (db, now, token) => db.FindProductAsync(slug, now, token, currency), cancellation);
        if (found.Refusal is not { } refusal) return found.Value;
        return Moved.From(refusal, "/api/v1/products") is { } moved ? moved : refusal.Problem();
    }
}
