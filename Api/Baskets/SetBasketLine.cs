using System.ComponentModel.DataAnnotations;
using Api.Accounts;
using Commerce;
using Commerce.Baskets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Baskets;

/// <summary>How many units of a variant a basket shall hold; 0 takes the line out.</summary>
public sealed record BasketLineRequest([property: Range(0, Basket.MaxQuantity)] int Quantity);

/// <summary><c>PUT /baskets/{id}/lines/{variantId}</c></summary>
public static class SetBasketLine
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/baskets/{id}/lines/{variantId:guid}", HandleAsync)
        .WithName(nameof(SetBasketLine)).WithTags("Baskets").WithSummary("Sets how many of a variant the basket holds.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<BasketView>, ProblemHttpResult>> HandleAsync(
        string id, Guid variantId, BasketLineRequest request, Customer customer, ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        (await db.SetQuantityAsync(id, variantId, request.Quantity, clock.GetUtcNow(), cancellation, customer.ToShopper())).Answer();
}
