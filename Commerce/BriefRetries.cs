using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace Commerce;

/// <summary>
/// Bridges what is over in a moment: a broken connection, a deadlock, a server that takes over. What has run into a time-out has been waited for long enough:
/// a server that takes connections and says nothing would cost the time-out once per try, and whoever asks has gone away by then.
/// </summary>
internal sealed class BriefRetries(ExecutionStrategyDependencies dependencies) : NpgsqlRetryingExecutionStrategy(dependencies, MaxRetries, LongestDelay, errorCodesToAdd: null)
{
    private const int MaxRetries = 3;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    protected override bool ShouldRetryOn(Exception? exception) =>
        exception is not (TimeoutException or NpgsqlException { InnerException: TimeoutException }) && base.ShouldRetryOn(exception);
}
