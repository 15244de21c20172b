using System.ComponentModel.DataAnnotations;
using Commerce.Orders;
using Commerce.Payments;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Payments;

/// <summary><c>POST /orders/{number}/payment-confirmation?key=</c></summary>
public static class ConfirmPayment
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/orders/{number}/payment-confirmation", HandleAsync)
        .WithName(nameof(ConfirmPayment)).WithTags("Payments").WithSummary("Back from the payment page: asks Stripe how it went, without waiting for the webhook, and answers the order.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status502BadGateway);

    private static async Task<Results<Ok<OrderView>, ProblemHttpResult>> HandleAsync(
        string number, [StringLength(64)] string key, PaymentVerbs payments, CancellationToken cancellation) =>
        (await payments.ConfirmAsync(number, key, cancellation)).Answer();
}
