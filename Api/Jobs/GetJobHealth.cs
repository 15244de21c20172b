using Commerce;
using Commerce.Jobs;
using Commerce.OnCall;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Jobs;

/// <summary>How the queue stands: what is wrong, the three queues with their rates, and every kind that has anything to show.</summary>
public sealed record JobHealthView(
    IReadOnlyList<JobAlert> Alerts, double OldestDueSeconds, double RelayLagSeconds, IReadOnlyList<QueueView> Queues, IReadOnlyList<KindHealth> Kinds);

/// <summary><c>GET /admin/jobs/health</c></summary>
public static class GetJobHealth
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/jobs/health", HandleAsync)
        .WithName(nameof(GetJobHealth)).WithTags("Jobs").WithSummary("Alerts, queues with their rates, and the state of every kind of job.");

    private static async Task<Ok<JobHealthView>> HandleAsync(ShopDb db, CancellationToken cancellation)
    {
        var health = await JobHealth.ReadAsync(db, cancellation);
        return TypedResults.Ok(new JobHealthView(
            health.Alerts(), health.OldestDue.TotalSeconds, health.RelayLag.TotalSeconds, await db.ListQueuesAsync(cancellation), health.Kinds));
    }
}
