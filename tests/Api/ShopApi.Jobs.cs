using System.Text.Json;
using Commerce.Outbox;
using Commerce.Payments;
using Commerce.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Tests.Api;

/// <summary>The worker's part: tests run the jobs themselves, when they want them to run.</summary>
public partial class ShopApi
{
    /// <summary>What the worker does: runs each waiting job of the kind once. A process of the Api may have handed some out already.</summary>
    /// <param name="beforeCommit">Runs in each job's own transaction, last of all.</param>
    public async Task RunJobsAsync(string kind, bool onlyDue = true, Func<CancellationToken, Task>? beforeCommit = null)
    {
        await using var scope = _api!.Services.CreateAsyncScope();
        await using var db = Open();
        var rows = await db.Set<OutboxRow>().Where(r => r.Kind == kind && (r.State == JobState.Pending || r.State == JobState.Dispatched) && (!onlyDue || r.RunAfter <= DateTimeOffset.UtcNow)).ToListAsync();
        foreach (var row in rows)
        {
            await RunJobAsync(scope.ServiceProvider, row, beforeCommit);
            await db.Set<OutboxRow>().Where(r => r.Id == row.Id).ExecuteDeleteAsync();
        }
    }

    private static Task RunJobAsync(IServiceProvider services, OutboxRow row, Func<CancellationToken, Task>? beforeCommit)
    {
        var arguments = JsonDocument.Parse(row.Arguments).RootElement;
        return row.Kind switch
        {
            JobKinds.ApplyStripeEvent => services.GetRequiredService<PaymentVerbs>().ApplyEventAsync(arguments.GetProperty("eventId").GetString()!, beforeCommit, CancellationToken.None),
            JobKinds.ExpireReservation => services.GetRequiredService<PaymentVerbs>().ExpireReservationAsync(arguments.GetProperty("orderId").GetGuid(), beforeCommit, CancellationToken.None),
            JobKinds.RefundPayment => services.GetRequiredService<RefundVerbs>().CarryOutAsync(arguments.GetProperty("refundId").GetGuid(), beforeCommit, CancellationToken.None),
            JobKinds.VoidPayment => services.GetRequiredService<CaptureVerbs>().VoidAsync(arguments.GetProperty("orderId").GetGuid(), beforeCommit, CancellationToken.None),
            JobKinds.ReconcilePayments => services.GetRequiredService<Reconciliation>().RunAsync(arguments.TryGetProperty("runId", out var run) ? run.GetGuid() : row.Id, CancellationToken.None),
            _ => throw new ArgumentException($"No test runs {row.Kind}."),
        };
    }

    /// <summary>One comparison with Stripe of the last day.</summary>
    public async Task<ReconciliationRun> ReconcileAsync()
    {
        ReconciliationRun? run = null;
        await InScopeAsync<Reconciliation>(async reconciliation => run = await reconciliation.RunAsync(Guid.CreateVersion7(), CancellationToken.None));
        return run!;
    }

    /// <summary>A merchant's system that wants to be told of everything.</summary>
    public async Task AddListenerAsync()
    {
        await using var db = Open();
        db.Add(new WebhookEndpoint { Url = "https://erp.example/hook", EventTypes = [.. WebhookEventTypes.All], CreatedAt = DateTimeOffset.UtcNow });
        await db.SaveChangesAsync();
    }

    /// <summary>Waits until Stripe has nothing more to deliver of what it does not hold back.</summary>
    internal async Task DeliveredAsync()
    {
        for (var i = 0; i < 2000; i++, await Task.Delay(20))
            if (!await IsDeliveringAsync()) return;
        Assert.Fail("Webhooks are not taken.");
    }

    private async Task<bool> IsDeliveringAsync() =>
        (await OkAsync(Stripe.GetAsync("/_emulator/state"))).GetProperty("deliveries").EnumerateArray().Any(d => d.GetProperty("state").GetString() == "pending");

    /// <summary>Waits for the circuit breaker to let calls through again.</summary>
    internal async Task GatewayClosesAsync()
    {
        for (var i = 0; i < 200 && Gateway.Circuit != GatewayCircuit.Closed; i++, await Task.Delay(100))
            await InScopeAsync<StripeGateway>(async stripe =>
            {
                try
                {
                    await stripe.FindIntentAsync("pi_none", CancellationToken.None);
                }
                catch (GatewayUnavailableException)
                {
                    // Still open.
                }
            });
        Assert.Equal(GatewayCircuit.Closed, Gateway.Circuit);
    }

    /// <summary>Runs payment jobs until Stripe has nothing more to deliver and no job is left, as long as that takes.</summary>
    public async Task SettleAsync()
    {
        for (var i = 0; i < 2000; i++, await Task.Delay(50))
        {
            foreach (var kind in (string[])[JobKinds.ApplyStripeEvent, JobKinds.RefundPayment, JobKinds.VoidPayment]) await RunJobsAsync(kind);
            if (await IsDeliveringAsync()) continue;
            await using var db = Open();
            if (!await db.Set<OutboxRow>().AnyAsync(r => r.Kind == JobKinds.ApplyStripeEvent || r.Kind == JobKinds.RefundPayment || r.Kind == JobKinds.VoidPayment)) return;
        }
        Assert.Fail("Payments do not settle.");
    }
}
