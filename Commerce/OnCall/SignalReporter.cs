using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;

namespace Commerce.OnCall;

/// <summary>Configuration section <c>Signals</c>.</summary>
public sealed class SignalOptions
{
    /// <summary>How often a process writes down what it knows of itself.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Writes this process' signals into PostgreSQL, where the watchdog reads them, and takes them back when the process stops in order.</summary>
internal sealed class SignalReporter(
    IServiceScopeFactory scopes, Heartbeats heartbeats, GatewayHealth gateway, IOptions<SignalOptions> options, ILogger<SignalReporter> logger) : BackgroundService
{
    private const int Patience = 5;
    private readonly string _node = $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid().ToString("N")[..6]}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await AttemptAsync(ReportAsync, stoppingToken);
            await Task.Delay(options.Value.Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await AttemptAsync(WithdrawAsync, CancellationToken.None);
    }

    private async Task AttemptAsync(Func<NpgsqlConnection, CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            using var quiet = SuppressInstrumentationScope.Begin();
            await using var scope = scopes.CreateAsyncScope();
            // Past EF: nobody's statement counts, retries or interceptors see it.
            await using var connection = (NpgsqlConnection)((ICloneable)scope.ServiceProvider.GetRequiredService<ShopDb>().Database.GetDbConnection()).Clone();
            await connection.OpenAsync(cancellation);
            await work(connection, cancellation);
        }
        catch (Exception failure)
        {
            // The watchdog notices that PostgreSQL is away; this process only says so to whoever reads its log closely.
            var isKnown = ShopDb.IsAway(failure) || failure is OperationCanceledException;
            logger.Log(isKnown ? LogLevel.Debug : LogLevel.Error, failure, "The signals could not be written");
        }
    }

    private async Task ReportAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var problem = gateway.Problem;
        var rows = heartbeats.Ages().Select(beat => (Name: beat.Loop, IsBad: false, Detail: (string?)null, beat.Age))
            .Append((Name: Signal.PaymentGateway, IsBad: problem is not null, Detail: problem, Age: TimeSpan.Zero)).ToList();
        await using var command = new NpgsqlCommand("""
            INSERT INTO signals (name, node, is_bad, detail, at)
            SELECT s.name, $2, s.is_bad, s.detail, now() - s.age FROM unnest($1, $3, $4, $5) AS s(name, is_bad, detail, age)
            ON CONFLICT (name, node) DO UPDATE SET is_bad = excluded.is_bad, detail = excluded.detail, at = excluded.at
            """, connection)
        {
            CommandTimeout = Patience,
            Parameters =
            {
                new() { Value = rows.Select(row => row.Name).ToArray() },
                new() { Value = _node },
                new() { Value = rows.Select(row => row.IsBad).ToArray() },
                new() { Value = rows.Select(row => row.Detail?.CutTo(Signal.MaxDetail)).ToArray() },
                new() { Value = rows.Select(row => row.Age).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task WithdrawAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("DELETE FROM signals WHERE node = $1", connection) { CommandTimeout = Patience, Parameters = { new() { Value = _node } } };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
