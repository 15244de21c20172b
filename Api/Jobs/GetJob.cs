using Commerce;
using Commerce.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Jobs;

/// <summary><c>GET /admin/jobs/{id}</c></summary>
public static class GetJob
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/jobs/{id:guid}", HandleAsync)
        .WithName(nameof(GetJob)).WithTags("Jobs").WithSummary("One job, with its last exception.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<JobView>, ProblemHttpResult>> HandleAsync(Guid id, ShopDb db, CancellationToken cancellation) =>
        (await db.FindJobAsync(id, cancellation)).Answer();
}
