using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Api.Orders.Staff;

/// <summary>Whether the units of a paid order go back into stock.</summary>
public sealed record CancellationRequest(bool Restock);

/// <summary><c>POST /admin/orders/{number}/cancellation</c></summary>
public static class CancelOrderOfShopper
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/orders/{number}/cancellation", HandleAsync)
        .WithName(nameof(CancelOrderOfShopper)).WithTags("Staff orders")
        .WithSummary("Cancels an order of which nothing was sent, and tells the shopper: unpaid, its payment page is closed; authorised, the promise is given back; paid, the money is, unless the shopper's bank has taken it back already (it is when the dispute is won). Repeating it answers the cancelled order.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status502BadGateway);

    private static async Task<Results<Ok<StaffOrderView>, ProblemHttpResult>> HandleAsync(
        string number, [FromHeader(Name = "If-Match"), StringLength(200)] string? ifMatch, CancellationRequest request, StaffCall call, ShopDb db, Cancellation cancellation, CancellationToken token)
    {
        var refusal = await cancellation.CancelAsync(number, await StaffInstruction.OfAsync(call, ifMatch, db, number, token), request.Restock, token);
        return refusal is null ? (await db.FindStaffOrderAsync(number, token)).Answer() : refusal.Problem();
    }
}
