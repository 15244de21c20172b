using Commerce;
using Commerce.Baskets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Baskets;

/// <summary><c>POST /baskets</c></summary>
public static class OpenBasket
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/baskets", HandleAsync)
        .WithName(nameof(OpenBasket)).WithTags("Baskets").WithSummary("Opens an empty basket. Its id is the right to use it: keep it secret.");

    private static async Task<Created<BasketView>> HandleAsync(ShopDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var basket = await db.OpenBasketAsync(clock.GetUtcNow(), cancellation);
        return TypedResults.Created($"/api/v1/baskets/{basket.Id}", basket);
    }
}
