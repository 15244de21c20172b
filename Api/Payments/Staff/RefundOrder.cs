using System.ComponentModel.DataAnnotations;
using Api.Orders.Staff;
using Api.Staff;
using Commerce;
using Commerce.Orders;
using Commerce.Payments;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Api.Payments.Staff;

/// <summary>
/// Money to send back: an amount in minor units of the order's currency, or lines, or both, or neither: then everything that is left. Units that were
/// not sent yet are no longer to be sent; with restock they go back into stock.
/// </summary>
public sealed record RefundRequest(
    [property: Range(typeof(long), "1", "9223372036854775807")] long? AmountMinor = null,
    [property: Length(1, 200)] IReadOnlyList<LineUnitsRequest>? Lines = null,
    bool Restock = false);

/// <summary><c>POST /admin/orders/{number}/refunds</c></summary>
public static class RefundOrder
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/orders/{number}/refunds", HandleAsync)
        .WithName(nameof(RefundOrder)).WithTags("Staff orders")
        .WithSummary("Promises a refund, never more than was captured; a job carries it out and the shopper is told. The same Idempotency-Key is the same refund.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Created<StaffRefundView>, ProblemHttpResult>> HandleAsync(
        string number, [FromHeader(Name = "Idempotency-Key"), StringLength(IdempotencyRecord.MaxKeyLength, MinimumLength = 8)] string idempotencyKey,
        [FromHeader(Name = "If-Match"), StringLength(200)] string? ifMatch, RefundRequest request, StaffCall call, ShopDb db, RefundVerbs refunds, CancellationToken cancellation)
    {
        var wish = new NewRefund(idempotencyKey, request.AmountMinor, LineUnitsRequest.Of(request.Lines), request.Restock);
        var made = await refunds.RequestAsync(number, wish, await StaffInstruction.OfAsync(call, ifMatch, db, number, cancellation), cancellation);
        return made.Refusal is { } refusal ? refusal.Problem() : TypedResults.Created((string?)null, StaffRefundView.Of(made.Value));
    }
}
