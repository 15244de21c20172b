using System.ComponentModel.DataAnnotations;
using Api.Accounts;
using Commerce;
using Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Orders;

/// <summary><c>GET /shipping-rates?countryCode=&amp;basketId=</c></summary>
public static class ListShippingRates
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/shipping-rates", HandleAsync)
        .WithName(nameof(ListShippingRates)).WithTags("Orders").WithSummary("The ways to have a basket sent to a country, and what the order would come to with each.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<OrderQuote>, ProblemHttpResult>> HandleAsync(
        [Matches("[A-Z]{2}")] string countryCode, [StringLength(64)] string basketId,
        Customer customer, ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        (await db.QuoteOrderAsync(basketId, countryCode, clock.GetUtcNow(), cancellation, customer.ToShopper())).Answer();
}
