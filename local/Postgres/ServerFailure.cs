using System.Text.RegularExpressions;
using Npgsql;

namespace Local.Postgres;

/// <summary>Turns what the server wrote before it ended into words for the person who has to act on it.</summary>
internal static partial class ServerFailure
{
    private static readonly string[] DamageSigns =
    [
        "could not locate a valid checkpoint record", "could not locate required checkpoint record", "could not find redo location", "invalid checkpoint record",
        "could not find the database system", "incorrect checksum in control file", "control file contains invalid", "pg_control\"", "is not a valid data directory",
        "database files are incompatible with server", "required WAL directory", "invalid magic number", "relation mapping file", "could not access status of transaction",
        "page verification failed", "invalid page in block", "contains unexpected data", "is missing", "could not open directory", "could not access directory",
        "configuration file", "could not load", "bogus data in lock file",
    ];

    public static EmbeddedPostgresException Corrupt(DataFolder folder, string what, Exception? inner) => new(
        $"The PostgreSQL data folder {folder.Path} is damaged: {what}. Nothing was deleted or changed. " +
        $"Restore {folder.Cluster} from a backup, or start empty: {folder.ResetCommand}", inner);

    /// <summary>Why a server ended that was asked to start.</summary>
    public static EmbeddedPostgresException AtStart(DataFolder folder, ServerAccount account, int port, ServerProcess server)
    {
        var said = Said(server);
        if (Says(said, "No space left on device"))
            return OutOfDisk(folder, said);
        if (Says(said, "could not bind"))
            return new($"PostgreSQL cannot listen on 127.0.0.1:{port} (Postgres:Port): {said}");
        if (Says(said, "Permission denied", "has wrong ownership", "has invalid permissions"))
            return new($"PostgreSQL, run as user `{account.Display}`, may not use the data folder {folder.Path}: {said}");
        if (DamageSigns.Any(sign => Says(said, sign)))
            return Corrupt(folder, said, null);
        return new($"PostgreSQL did not start on {folder.Path} (exit code {server.ExitCode}): {said}");
    }

    /// <summary>A server that started, and then cannot serve the simplest things.</summary>
    public static EmbeddedPostgresException AtFirstUse(DataFolder folder, PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.DiskFull => OutOfDisk(folder, e.MessageText),
        PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.UndefinedFile or PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted
            or PostgresErrorCodes.IoError or PostgresErrorCodes.InternalError => Corrupt(folder, $"{e.MessageText} {e.Detail}".Trim(), e),
        _ => new($"PostgreSQL started on {folder.Path} but does not work: {e.SqlState} {e.MessageText}", e),
    };

    /// <summary>Why a server ended that nobody asked to stop.</summary>
    public static EmbeddedPostgresException WhileRunning(DataFolder folder, ServerProcess server)
    {
        var said = Said(server);
        if (Says(said, "No space left on device"))
            return OutOfDisk(folder, said);
        // The runtime reports death by signal n as 128 + n.
        var how = server.ExitCode > 128 ? $"was ended by signal {server.ExitCode - 128}" : $"ended with exit code {server.ExitCode}";
        return new($"PostgreSQL (process {server.Id}) {how} while running. Committed data is safe in {folder.Path}; the next start recovers it. Last words: {said}");
    }

    public static EmbeddedPostgresException Initdb(DataFolder folder, ServerAccount account, ServerProcess initdb)
    {
        var said = Said(initdb);
        return Says(said, "No space left on device") ? OutOfDisk(folder, said)
            : new($"PostgreSQL's initdb failed in {folder.Path} as user `{account.Display}` (exit code {initdb.ExitCode}): {said}");
    }

    private static EmbeddedPostgresException OutOfDisk(DataFolder folder, string said) =>
        new($"The disk that holds {folder.Path} is full, so PostgreSQL stopped. Free some space and start again; committed data is safe. ({said})");

    // 2026-11-22 22:31:04.123 UTC [4711] FATAL:  could not create any TCP/IP sockets
    private static string Said(ServerProcess server)
    {
        string[] levels = ["PANIC: ", "FATAL: ", "ERROR: ", "error: ", "could not bind", "HINT: ", "DETAIL: "];
        var telling = server.Tail.Where(line => levels.Any(level => line.Contains(level, StringComparison.Ordinal))).Distinct().TakeLast(4).ToList();
        var lines = telling.Count > 0 ? telling : [.. server.Tail.TakeLast(4)];
        return lines.Count == 0 ? "(it wrote nothing)" : string.Join(" | ", lines.Select(line => LinePrefix().Replace(line, "").Trim().TrimEnd('.')));
    }

    [GeneratedRegex(@"^\S+ \S+ UTC \[\d+\] ")]
    private static partial Regex LinePrefix();

    private static bool Says(string said, params string[] signs) => signs.Any(sign => said.Contains(sign, StringComparison.OrdinalIgnoreCase));
}
