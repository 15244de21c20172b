using Api.Accounts;
using Commerce;
using Commerce.Baskets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Baskets;

/// <summary><c>GET /baskets/{id}</c></summary>
public static class GetBasket
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/baskets/{id}", HandleAsync)
        .WithName(nameof(GetBasket)).WithTags("Baskets").WithSummary("A basket with the prices and the stock of this moment; gone once it was ordered.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<BasketView>, ProblemHttpResult>> HandleAsync(string id, Customer customer, ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        (await db.FindBasketAsync(id, clock.GetUtcNow(), cancellation, customer.ToShopper())).Answer();
}
