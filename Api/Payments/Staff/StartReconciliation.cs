using Api.Staff;
using Commerce.Orders;
using Commerce.Payments;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Payments.Staff;

/// <summary>The window to compare, at most 30 days and not in the future; an end needs a beginning. Without one, from where the last comparison ended until now.</summary>
public sealed record ReconciliationRequest(DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <summary><c>POST /admin/reconciliation</c></summary>
public static class StartReconciliation
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/reconciliation", HandleAsync)
        .WithName(nameof(StartReconciliation)).WithTags("Staff orders").WithSummary("Compares the payment ledger with Stripe, in the background; it also happens every night.")
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Accepted<ReconciliationRunView>, ProblemHttpResult>> HandleAsync(ReconciliationRequest request, StaffCall call, Reconciliation reconciliation, CancellationToken cancellation)
    {
        var asked = await reconciliation.RequestAsync(request.From, request.To, new Instruction(call.Actor, call.Reason), cancellation);
        return asked.Refusal is { } refusal ? refusal.Problem() : TypedResults.Accepted((string?)null, ReconciliationRunView.Of(asked.Value));
    }
}
