using Api.Staff;
using Commerce;
using Commerce.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Jobs;

/// <summary><c>POST /admin/jobs/discards</c></summary>
public static class DiscardDeadLetters
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/jobs/discards", HandleAsync)
        .WithName(nameof(DiscardDeadLetters)).WithTags("Jobs").WithSummary("Gives dead letters up: they never run. Wants a reason.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<DeadLettersMoved>, ProblemHttpResult>> HandleAsync(
        DeadLetterRequest which, StaffCall call, ShopDb db, CancellationToken cancellation) =>
        (await db.DiscardAsync(which.Choice, call.Actor, call.Reason!, cancellation)).Answer();
}
