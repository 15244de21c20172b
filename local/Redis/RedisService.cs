using Microsoft.Extensions.Options;

namespace Local.Redis;

/// <summary>Holds the server for as long as the launcher runs. A server that cannot start ends the launcher with exit code 1 and the reason.</summary>
internal sealed class RedisService(IOptions<RedisOptions> options, ILoggerFactory logs, IHostApplicationLifetime lifetime) : BackgroundService
{
    private static readonly TimeSpan HealthPatience = TimeSpan.FromSeconds(2);

    private EmbeddedRedis? _server;

    /// <summary>Null when the server answers a command, else what is in the way.</summary>
    public async Task<string?> ProblemAsync(CancellationToken cancellationToken)
    {
        if (_server is not { } server)
            return "Redis is starting";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(HealthPatience);
        try
        {
            return await server.CommandAsync("PING", patience.Token) is "PONG" ? null : "unexpected answer to PING";
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return e.Message;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Ending the host while it is still starting would bury our reason under its own complaint.
            var hostStarted = new TaskCompletionSource();
            await using var registration = lifetime.ApplicationStarted.Register(hostStarted.SetResult);
            await hostStarted.Task.WaitAsync(stoppingToken);

            await using var server = _server = EmbeddedRedis.Start(options.Value, logs, Console.Out.WriteLine);
            Console.WriteLine($"Redis (Garnet) is ready on 127.0.0.1:{options.Value.Port}, data in {options.Value.DataFolder}");
            await Task.Delay(Timeout.Infinite, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Console.WriteLine("Redis has stopped");
        }
        catch (EmbeddedRedisException e)
        {
            Console.Error.WriteLine(e.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
        finally
        {
            _server = null;
        }
    }
}
