using System.ComponentModel.DataAnnotations;
using Commerce.Payments;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Payments;

/// <summary><c>POST /orders/{number}/payment-session?key=</c></summary>
public static class OpenPaymentSession
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/orders/{number}/payment-session", HandleAsync)
        .WithName(nameof(OpenPaymentSession)).WithTags("Payments").WithSummary("Where to pay the order, by card. Calling again answers the same page, as long as the payment provider knows it.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status502BadGateway);

    private static async Task<Results<Ok<PaymentPage>, ProblemHttpResult>> HandleAsync(
        string number, [StringLength(64)] string key, PaymentVerbs payments, CancellationToken cancellation) =>
        (await payments.OpenSessionAsync(number, key, cancellation)).Answer();
}
