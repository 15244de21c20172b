using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Orders;

/// <summary><c>GET /orders/{number}?key=</c></summary>
public static class GetOrder
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/orders/{number}", HandleAsync)
        .WithName(nameof(GetOrder)).WithTags("Orders").WithSummary("An order, for whoever knows its number and key.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<OrderView>, ProblemHttpResult>> HandleAsync(
        string number, [StringLength(64)] string key, ShopDb db, CancellationToken cancellation) =>
        (await db.FindOrderAsync(number, key, cancellation)).Answer();
}
