using Commerce;
using Commerce.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Jobs;

/// <summary>The schedule. It is one page: as long as the list in the code.</summary>
public sealed record RecurringPage(IReadOnlyList<RecurringView> Items, string? NextCursor);

/// <summary><c>GET /admin/jobs/recurring</c></summary>
public static class ListRecurringTasks
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/jobs/recurring", HandleAsync)
        .WithName(nameof(ListRecurringTasks)).WithTags("Jobs").WithSummary("Recurring tasks with their next slot, the last one, and how many were missed.");

    private static async Task<Ok<RecurringPage>> HandleAsync(ShopDb db, CancellationToken cancellation) =>
        TypedResults.Ok(new RecurringPage(await db.ListRecurringAsync(cancellation), null));
}
