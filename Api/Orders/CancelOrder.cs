using System.ComponentModel.DataAnnotations;
using Commerce.Audit;
using Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Orders;

/// <summary><c>POST /orders/{number}/cancellation?key=</c></summary>
public static class CancelOrder
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/orders/{number}/cancellation", HandleAsync)
        .WithName(nameof(CancelOrder)).WithTags("Orders").WithSummary("Cancels an order that is not paid yet. Repeating it answers the cancelled order; while Stripe cannot say whether it was paid, one that is still awaiting-payment with cancellationRequested.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status502BadGateway);

    private static async Task<Results<Ok<OrderView>, ProblemHttpResult>> HandleAsync(
        string number, [StringLength(64)] string key, Cancellation cancellation, CancellationToken token) =>
        (await cancellation.CancelUnpaidAsync(number, key, new Instruction(Actor.Guest), token)).Answer();
}
