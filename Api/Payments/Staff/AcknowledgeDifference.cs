using Api.Staff;
using Commerce;
using Commerce.Orders;
using Commerce.Payments;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Payments.Staff;

/// <summary>The amounts of the difference as they were read: of one that has others by now nothing is acknowledged.</summary>
public sealed record AcknowledgementRequest(long? StripeMinor, long? LedgerMinor);

/// <summary><c>POST /admin/reconciliation/differences/{id}/acknowledgement</c></summary>
public static class AcknowledgeDifference
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/reconciliation/differences/{id:guid}/acknowledgement", HandleAsync)
        .WithName(nameof(AcknowledgeDifference)).WithTags("Staff orders")
        .WithSummary("Says that a difference is explained otherwise, and why: it is listed as open, counted and rung about no more, until its amounts are others.")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<DifferenceView>, ProblemHttpResult>> HandleAsync(
        Guid id, AcknowledgementRequest request, StaffCall call, ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        (await db.AcknowledgeAsync(id, request.StripeMinor, request.LedgerMinor, new Instruction(call.Actor, call.Reason), clock, cancellation)).Answer();
}
