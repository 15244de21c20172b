using System.Diagnostics;
using System.Globalization;
using Local.Launcher;

namespace Local.Postgres;

/// <summary>The folder that survives restarts: <c>pgdata/</c> (PostgreSQL's own) and the lock of the launcher that is using it.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string ClusterName = "pgdata";

    private static readonly TimeSpan SurvivorPatience = TimeSpan.FromSeconds(10);

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>PostgreSQL's data directory.</summary>
    public string Cluster => System.IO.Path.Combine(Path, ClusterName);

    /// <summary>Takes the folder for this launcher alone; the operating system gives it back when the launcher dies.</summary>
    /// <exception cref="EmbeddedPostgresException">The folder cannot be written, or another launcher has it.</exception>
    public static DataFolder Take(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            return new DataFolder(path, FolderLock.Take(path));
        }
        catch (FolderRefusedException e)
        {
            throw new EmbeddedPostgresException(e.Message, e);
        }
    }

    /// <summary>True when a cluster is there; what is there is never deleted or converted here.</summary>
    /// <exception cref="EmbeddedPostgresException">What is there is no cluster of this version, or belongs to somebody else.</exception>
    public bool HasCluster(ServerAccount account)
    {
        if (!Directory.Exists(Cluster))
            return false;
        var versionFile = System.IO.Path.Combine(Cluster, "PG_VERSION");
        string version;
        try
        {
            version = File.ReadAllText(versionFile).Trim();
        }
        catch (FileNotFoundException e)
        {
            throw ServerFailure.Corrupt(this, "PG_VERSION is missing, so it is no (whole) PostgreSQL data directory", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EmbeddedPostgresException(
                $"The data folder {Cluster} cannot be read by user `{account.Display}`. It was probably made by another user; run as that user, or use another folder.", e);
        }
        if (version == PostgresBinaries.MajorVersion)
            return true;
        throw version.Length is > 0 and <= 8 && version.All(char.IsAsciiDigit)
            ? new EmbeddedPostgresException(
                $"The data folder {Path} was written by PostgreSQL {version}, but this is PostgreSQL {PostgresBinaries.MajorVersion}, which cannot open it. " +
                $"It was left untouched: dump it with PostgreSQL {version} and load it again, use another folder, or start empty: {ResetCommand}")
            : ServerFailure.Corrupt(this, "PG_VERSION does not hold a version", null);
    }

    /// <summary>A fresh folder to build a cluster in; <see cref="Adopt"/> makes it the cluster. Leftovers of starts that were killed half-way are swept.</summary>
    public string Stage(ServerAccount account)
    {
        foreach (var leftover in Directory.EnumerateDirectories(Path, $"{ClusterName}.new-*"))
            Directory.Delete(leftover, recursive: true);
        var stage = System.IO.Path.Combine(Path, $"{ClusterName}.new-{Guid.NewGuid():N}");
        account.CreatePrivateFolder(stage);
        return stage;
    }

    public void Adopt(string stage) => Directory.Move(stage, Cluster);

    /// <summary>
    /// A server that outlived its launcher is stopped, and a pid file that names some other program (numbers are reused after a restart of the machine) is
    /// removed: PostgreSQL would refuse to start. The folder is ours, so no launcher stands behind that server any more.
    /// </summary>
    public async Task ClearSurvivorAsync(Action<string> log)
    {
        var pidFile = PidFile(Cluster);
        if (ServerOn(Cluster) is not { } id)
        {
            if (File.Exists(pidFile))
                log($"removing {pidFile}, whose server is gone");
            File.Delete(pidFile);
            return;
        }
        log($"stopping PostgreSQL (process {id}), which outlived its launcher");
        var clock = Stopwatch.StartNew();
        ServerProcess.Send(id, ServerProcess.Signal.Interrupt);
        while (ServerOn(Cluster) == id)
        {
            if (clock.Elapsed > SurvivorPatience)
                throw new EmbeddedPostgresException($"PostgreSQL (process {id}) is still using {Path} and does not stop. Stop it by hand and start again.");
            if (clock.Elapsed > SurvivorPatience / 2)
                ServerProcess.Send(id, ServerProcess.Signal.Quit);
            await Task.Delay(100);
        }
    }

    /// <summary>Deletes the cluster and nothing else.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="FolderRefusedException">It is in use.</exception>
    public static bool Reset(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        var cluster = System.IO.Path.Combine(path, ClusterName);
        if (!Directory.Exists(cluster))
            return false;
        using var held = FolderLock.Take(path);
        if (ServerOn(cluster) is { } id)
            throw new FolderRefusedException($"PostgreSQL (process {id}) is still running on {path}, though its launcher is gone. Wait a moment, or stop it.");
        Directory.Delete(cluster, recursive: true);
        return true;
    }

    public string ResetCommand => $"dotnet run --project local/Postgres -- reset --data-folder \"{Path}\"";

    public void Dispose() => _lock.Dispose();

    private static string PidFile(string cluster) => System.IO.Path.Combine(cluster, "postmaster.pid");

    // The pid file's first line is the server's process id.
    private static int? ServerOn(string cluster) =>
        File.Exists(PidFile(cluster)) && int.TryParse(File.ReadLines(PidFile(cluster)).FirstOrDefault(), CultureInfo.InvariantCulture, out var id) && IsPostgres(id)
            ? id
            : null;

    private static bool IsPostgres(int id)
    {
        try
        {
            // 16972 (postgres) Z 1 ... : dead, but nobody has collected it (a container without an init process). It holds nothing any more.
            var state = $"/proc/{id}/stat";
            if (OperatingSystem.IsLinux() && File.Exists(state) && File.ReadAllText(state).Contains(") Z ", StringComparison.Ordinal))
                return false;
            using var process = Process.GetProcessById(id);
            return !process.HasExited && process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is ArgumentException or FileNotFoundException)
        {
            return false;
        }
    }
}
