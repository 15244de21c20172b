using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Api.Orders.Staff;

/// <summary><c>POST /admin/orders/{number}/unsent/cancellation</c></summary>
public static class CancelUnsent
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/orders/{number}/unsent/cancellation", HandleAsync)
        .WithName(nameof(CancelUnsent)).WithTags("Staff orders")
        .WithSummary("Gives up what is not sent of an order that was sent in part and whose money the shopper has already: their bank took it back, or all of it was refunded by amount. No money moves and nobody is written to; the rest stays as it was sent. Refused while there is money for it: then refund it by line. Repeating it answers the order.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);

    private static async Task<Results<Ok<StaffOrderView>, ProblemHttpResult>> HandleAsync(
        string number, [FromHeader(Name = "If-Match"), StringLength(200)] string? ifMatch, CancellationRequest request, StaffCall call, ShopDb db, Cancellation cancellation, CancellationToken token)
    {
        var refusal = await cancellation.CancelUnsentAsync(number, await StaffInstruction.OfAsync(call, ifMatch, db, number, token), request.Restock, token);
        return refusal is null ? (await db.FindStaffOrderAsync(number, token)).Answer() : refusal.Problem();
    }
}
