using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Baskets;
using Commerce.Orders;
using Commerce.Shipping;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Orders;

public sealed record ShippingRateList(IReadOnlyList<ShippingRateView> Items);

/// <summary>A way to have an order sent, and what it costs for the basket.</summary>
public sealed record ShippingRateView(string Code, string Title, Money Price);

/// <summary><c>GET /shipping-rates?countryCode=&amp;basketId=</c></summary>
public static class ListShippingRates
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/shipping-rates", HandleAsync)
        .WithName(nameof(ListShippingRates)).WithTags("Orders").WithSummary("What sending a basket to a country costs.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<ShippingRateList>, ProblemHttpResult>> HandleAsync(
        [RegularExpression("[A-Z]{2}")] string countryCode, [StringLength(64)] string basketId,
        ShopDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var basket = await db.FindBasketAsync(basketId, clock.GetUtcNow(), cancellation);
        if (basket.Refusal is { } refusal) return refusal.Problem();
        if (await db.DeliveryToAsync(countryCode, cancellation) is not { } delivery)
            return new Refusal(OrderRefusals.CountryNotServed, $"The shop does not deliver to {countryCode}.").Problem();
        var rate = delivery.Rate;
        return TypedResults.Ok(new ShippingRateList([new(rate.Code, rate.Title, Money.Of(rate.PriceFor(basket.Value.Subtotal.AmountMinor)))]));
    }
}
