using Api.Accounts;
using Commerce;
using Commerce.Baskets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Baskets;

/// <summary><c>DELETE /baskets/{id}/lines/{variantId}</c></summary>
public static class RemoveBasketLine
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/baskets/{id}/lines/{variantId:guid}", HandleAsync)
        .WithName(nameof(RemoveBasketLine)).WithTags("Baskets").WithSummary("Takes a variant out of the basket; fine when it is not in it.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<BasketView>, ProblemHttpResult>> HandleAsync(
        string id, Guid variantId, Customer customer, ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        (await db.SetQuantityAsync(id, variantId, 0, clock.GetUtcNow(), cancellation, customer.ToShopper())).Answer();
}
