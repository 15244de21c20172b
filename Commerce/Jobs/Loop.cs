using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace Commerce.Jobs;

/// <summary>What the loops of the job system have in common.</summary>
public static class Loop
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>Turns until <paramref name="stopping"/>, through every outage of PostgreSQL and every fault of ours (decision 0006).</summary>
    /// <param name="logger">Hears of failures, once per turn.</param>
    /// <param name="turn">Returns how long to wait for the next one.</param>
    /// <param name="wake">Ends the wait early.</param>
    /// <param name="stopping">Also ends a turn that heeds it.</param>
    public static async Task RunAsync(ILogger logger, Func<Task<TimeSpan>> turn, JobSignal? wake, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var wait = AfterFailure;
            try
            {
                wait = await turn();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                if (ShopDb.IsAway(failure)) logger.LogWarning(failure, "PostgreSQL could not be reached; another try in {Wait}", wait);
                else logger.LogError(failure, "A round failed; another try in {Wait}", wait);
            }
            await (wake?.WaitAsync(wait, stopping) ?? Task.Delay(wait, stopping)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Works with a context of its own and leaves no traces, because polling would fill them.</summary>
    public static async Task<T> QuietlyAsync<T>(this IServiceScopeFactory scopes, Func<ShopDb, Task<T>> work)
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<ShopDb>());
    }
}
