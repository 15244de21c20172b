using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog;

/// <summary><c>GET /products/{slug}</c></summary>
public static class GetProduct
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/products/{slug}", HandleAsync)
        .WithName(nameof(GetProduct)).WithTags("Catalogue").WithSummary("One product with its variants, pictures and stock.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<ProductDetail>, ProblemHttpResult>> HandleAsync(string slug, ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        (await db.FindProductAsync(slug, clock.GetUtcNow(), cancellation)).Answer();
}
