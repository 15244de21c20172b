using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Payments;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Payments.Staff;

/// <summary><c>GET /admin/reconciliation</c></summary>
public static class ReadReconciliation
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/reconciliation", HandleAsync)
        .WithName(nameof(ReadReconciliation)).WithTags("Staff orders").WithSummary("What differs between the payment ledger and Stripe and could not be healed, newest first, and the last comparisons.")
        .ProducesValidationProblem();

    private static async Task<Results<Ok<ReconciliationPage>, ProblemHttpResult>> HandleAsync(
        ShopDb db, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 50,
        [StringLength(IdCursor.Length), Description("nextCursor of the page before.")] string? cursor = null,
        [Description("Also differences that later comparisons no longer found.")] bool resolved = false,
        [Description("Also differences that staff have acknowledged and whose amounts are still those of then.")] bool acknowledged = false) =>
        (await db.ReadReconciliationAsync(limit, cursor, resolved, acknowledged, cancellation)).Answer();
}
