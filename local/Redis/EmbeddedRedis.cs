using Garnet;
using Garnet.common;
using Local.Launcher;

namespace Local.Redis;

/// <summary>One server that speaks the Redis protocol (Garnet, inside this process) on 127.0.0.1, as long as this object lives.</summary>
public sealed class EmbeddedRedis : IAsyncDisposable
{
    private const string StoreName = "store";

    private static readonly TimeSpan SavePatience = TimeSpan.FromSeconds(6);

    private readonly RedisOptions _options;
    private readonly Action<string> _log;
    private readonly FileStream _lock;
    private readonly GarnetServer _server;

    private EmbeddedRedis(RedisOptions options, Action<string> log, FileStream held, GarnetServer server) =>
        (_options, _log, _lock, _server) = (options, log, held, server);

    /// <summary>In StackExchange.Redis's format.</summary>
    public string ConnectionString => $"127.0.0.1:{_options.Port},password={_options.Password}";

    /// <summary>Starts the server; returns once what was on disk is loaded and clients are served.</summary>
    /// <exception cref="EmbeddedRedisException">It cannot be started; says why.</exception>
    public static EmbeddedRedis Start(RedisOptions options, ILoggerFactory logs, Action<string> log)
    {
        var folder = Path.GetFullPath(options.DataFolder);
        FileStream? held = null;
        GarnetServer? server = null;
        try
        {
            held = FolderLock.Take(folder);
            if (LoopbackPort.WhyNot(options.Port) is { } reason)
                throw new EmbeddedRedisException($"Redis cannot listen (Redis:Port): {reason}");
            var store = Path.Combine(folder, StoreName);
            Directory.CreateDirectory(store);
            server = new GarnetServer(GarnetArguments.For(options, store), logs);
            server.Start();
            var started = new EmbeddedRedis(options, log, held, server);
            (held, server) = (null, null);
            return started;
        }
        catch (FolderRefusedException e)
        {
            throw new EmbeddedRedisException(e.Message, e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new EmbeddedRedisException($"The data folder {folder} cannot be used by user `{Environment.UserName}`: {e.Message}", e);
        }
        // Garnet and its store throw whatever the damaged bytes lead them into.
        catch (Exception e) when (e is not EmbeddedRedisException)
        {
            throw new EmbeddedRedisException(
                $"Redis did not start on the data folder {folder}: {e.Message} Nothing was deleted. If the folder is damaged, restore it from a backup, or start empty " +
                $"(it holds only caches, sessions and the hint of which jobs to run): dotnet run --project local/Redis -- reset --data-folder \"{folder}\"", e);
        }
        finally
        {
            server?.Dispose(deleteDir: false);
            held?.Dispose();
        }
    }

    /// <summary>Deletes the data and nothing else.</summary>
    /// <returns>False when there is none.</returns>
    internal static bool Reset(string folder)
    {
        var store = Path.Combine(folder, StoreName);
        if (!Directory.Exists(store))
            return false;
        using var held = FolderLock.Take(folder);
        Directory.Delete(store, recursive: true);
        return true;
    }

    /// <summary>Sends one command, its words separated by blanks, and reads a one-line answer.</summary>
    /// <exception cref="IOException">The server refused or closed the connection.</exception>
    public Task<string> CommandAsync(string command, CancellationToken cancellationToken) => CommandAsync(0, command, cancellationToken);

    /// <summary>As above, in the logical database with this number.</summary>
    /// <inheritdoc cref="CommandAsync(string, CancellationToken)"/>
    public Task<string> CommandAsync(int database, string command, CancellationToken cancellationToken) =>
        RedisConversation.CommandAsync(_options.Port, _options.Password, database, command, cancellationToken);

    /// <summary>Writes a checkpoint (the next start is quick, and nothing is lost) and ends the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_options.Durable)
            await SaveAsync();
        _server.Dispose(deleteDir: false);
        await _lock.DisposeAsync();
    }

    private async Task SaveAsync()
    {
        using var patience = new CancellationTokenSource(SavePatience);
        try
        {
            await _server.Store.CommitAOFAsync(patience.Token);
            await CommandAsync("SAVE", patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or GarnetException)
        {
            _log($"no checkpoint was written ({e.Message}); the append-only file has everything, so the next start only takes longer");
        }
    }
}
