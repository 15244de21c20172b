using Api.Accounts;
using Commerce;
using Commerce.Baskets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Baskets;

/// <summary><c>POST /baskets?currency=</c></summary>
public static class OpenBasket
{
    private const string NoBody = "This address takes no body: the currency belongs in the query, as in ?currency=EUR. Nothing was done.";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/baskets", HandleAsync).AddEndpointFilter(RefuseBodyAsync)
        .WithName(nameof(OpenBasket)).WithTags("Baskets")
        .WithSummary("Opens an empty basket, priced in a currency of the shop (ISO 4217). Its id is the right to use it: keep it secret. Signed in, it is the customer's basket, with what is in it already.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <summary>A currency in a body would be ignored, and the basket priced in another one.</summary>
    private static async ValueTask<object?> RefuseBodyAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next) =>
        await call.HttpContext.Request.Body.ReadAsync(new byte[1], call.HttpContext.RequestAborted) == 0
            ? await next(call)
            : Refusals.Problem(Refusals.Malformed, StatusCodes.Status400BadRequest, NoBody, null);

    private static async Task<Results<Created<BasketView>, ProblemHttpResult>> HandleAsync(
        Customer customer, ShopDb db, TimeProvider clock, CancellationToken cancellation, [Matches("[A-Z]{3}")] string currency = Money.ShopCurrency)
    {
        var basket = await db.OpenBasketAsync(clock.GetUtcNow(), cancellation, currency);
        if (basket.Refusal is null && customer.AccountId is { } customerId)
            basket = await db.FindBasketAsync((await db.MergeBasketAsync(customerId, basket.Value.Id, clock.GetUtcNow(), cancellation))!, clock.GetUtcNow(), cancellation, customer.ToShopper());
        return basket.Refusal is { } refusal ? refusal.Problem() : TypedResults.Created($"/api/v1/baskets/{basket.Value.Id}", basket.Value);
    }
}
