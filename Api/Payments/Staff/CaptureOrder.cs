using System.ComponentModel.DataAnnotations;
using Api.Orders.Staff;
using Api.Staff;
using Commerce;
using Commerce.Orders;
using Commerce.Payments;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Api.Payments.Staff;

/// <summary><c>POST /admin/orders/{number}/capture</c></summary>
public static class CaptureOrder
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/orders/{number}/capture", HandleAsync)
        .WithName(nameof(CaptureOrder)).WithTags("Staff orders")
        .WithSummary("Takes the money of an authorised order, in a shop that captures by hand. Repeating it answers the paid order.")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status502BadGateway);

    private static async Task<Results<Ok<StaffOrderView>, ProblemHttpResult>> HandleAsync(
        string number, [FromHeader(Name = "If-Match"), StringLength(200)] string? ifMatch, StaffCall call, ShopDb db, CaptureVerbs captures, CancellationToken cancellation)
    {
        var refusal = await captures.CaptureAsync(number, await StaffInstruction.OfAsync(call, ifMatch, db, number, cancellation), cancellation);
        return refusal is null ? (await db.FindStaffOrderAsync(number, cancellation)).Answer() : refusal.Problem();
    }
}
