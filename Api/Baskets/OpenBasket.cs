using Api.Accounts;
using Commerce;
using Commerce.Baskets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Baskets;

/// <summary><c>POST /baskets?currency=</c></summary>
public static class OpenBasket
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/baskets", HandleAsync)
        .WithName(nameof(OpenBasket)).WithTags("Baskets")
        .WithSummary("Opens an empty basket, priced in a currency of the shop (ISO 4217). Its id is the right to use it: keep it secret. Signed in, it is the customer's basket, with what is in it already.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Created<BasketView>, ProblemHttpResult>> HandleAsync(
        Customer customer, ShopDb db, TimeProvider clock, CancellationToken cancellation, [Matches("[A-Z]{3}")] string currency = Money.ShopCurrency)
    {
        var basket = await db.OpenBasketAsync(clock.GetUtcNow(), cancellation, currency);
        if (basket.Refusal is null && customer.AccountId is { } customerId)
            basket = await db.FindBasketAsync((await db.MergeBasketAsync(customerId, basket.Value.Id, clock.GetUtcNow(), cancellation))!, clock.GetUtcNow(), cancellation, customer.ToShopper());
        return basket.Refusal is { } refusal ? refusal.Problem() : TypedResults.Created($"/api/v1/baskets/{basket.Value.Id}", basket.Value);
    }
}
