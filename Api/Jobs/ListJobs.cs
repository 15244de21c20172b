using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Jobs;

/// <summary><c>GET /admin/jobs</c></summary>
public static class ListJobs
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/jobs", HandleAsync)
        .WithName(nameof(ListJobs)).WithTags("Jobs").WithSummary("Jobs that are due, scheduled, running, dead, done or discarded.")
        .ProducesValidationProblem();

    private static async Task<Results<Ok<JobPage>, ProblemHttpResult>> HandleAsync(
        ShopDb db, CancellationToken cancellation,
        [Matches("due|scheduled|running|dead|done|discarded"), Description("Which of them.")] string list = "dead",
        [StringLength(60), Description("Only of this kind, such as send-receipt.")] string? kind = null,
        [StringLength(100), Description("Only whose last failure had this reason.")] string? reason = null,
        [Range(1, 100), Description("Most items in the page.")] int limit = 50,
        [StringLength(TimeCursor.Length), Description("nextCursor of the page before.")] string? cursor = null) =>
        (await db.ListJobsAsync(KnownWord.Read<JobList>(list), kind, reason, limit, cursor, cancellation)).Answer();
}
