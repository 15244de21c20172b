using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Jobs;

/// <summary>Which dead letters: one by its id, those of a kind or with a reason, or explicitly all.</summary>
public sealed record DeadLetterRequest(Guid? Id = null, [StringLength(60)] string? Kind = null, [StringLength(100)] string? Reason = null, bool All = false)
{
    internal DeadLetterChoice Choice => new(Id, Kind, Reason, All);
}

/// <summary><c>POST /admin/jobs/replays</c></summary>
public static class ReplayDeadLetters
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/jobs/replays", HandleAsync)
        .WithName(nameof(ReplayDeadLetters)).WithTags("Jobs").WithSummary("Runs dead letters again, at most 10,000 at once.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<DeadLettersMoved>, ProblemHttpResult>> HandleAsync(
        DeadLetterRequest which, StaffCall call, ShopDb db, RelaySignal relay, CancellationToken cancellation)
    {
        var outcome = await db.ReplayAsync(which.Choice, call.Actor, call.Reason, cancellation);
        relay.Raise();
        return outcome.Answer();
    }
}
