namespace Local.Postgres;

/// <summary>What is done to a cluster while no server runs on it.</summary>
internal static class Cluster
{
    /// <summary>
    /// Makes the cluster beside its place and moves it there whole, so a start that is killed half-way leaves nothing that looks like data.
    /// UTF-8, sorted by code point on every platform (ICU collations stay available by name), page checksums on (PostgreSQL 18's default).
    /// </summary>
    /// <exception cref="EmbeddedPostgresException">initdb failed; says why.</exception>
    public static async Task CreateAsync(
        DataFolder folder, PostgresBinaries binaries, ServerAccount account, PostgresOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        log($"making a new PostgreSQL {PostgresBinaries.MajorVersion} data folder in {folder.Path}");
        var stage = folder.Stage(account);
        var cluster = Path.Combine(stage, "cluster");
        var passwordFile = Path.Combine(stage, "password");
        account.WritePrivateFile(passwordFile, options.Password);
        using var initdb = ServerProcess.Start(
            binaries.Initdb,
            ["-D", cluster, "-U", PostgresOptions.Superuser, $"--pwfile={passwordFile}", "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                options.Durable ? "--sync-method=fsync" : "--no-sync"],
            stage, account, _ => { });
        await RunToEndAsync(initdb, cancellationToken);
        if (initdb.ExitCode != 0)
            throw ServerFailure.Initdb(folder, account, initdb);
        folder.Adopt(cluster);
        Directory.Delete(stage, recursive: true);
    }

    /// <summary>Sets the superuser's password in single-user mode, so there is no moment at which the server lets anybody in without one.</summary>
    /// <exception cref="EmbeddedPostgresException">The server refused.</exception>
    public static async Task SetPasswordAsync(
        DataFolder folder, PostgresBinaries binaries, ServerAccount account, string password, CancellationToken cancellationToken)
    {
        var stage = folder.Stage(account);
        var script = Path.Combine(stage, "password.sql");
        account.WritePrivateFile(script, $"ALTER ROLE {PostgresOptions.Superuser} PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}';\n\n");
        using var server = ServerProcess.Start(
            binaries.Server, ["--single", "-j", "-D", folder.Cluster, "-c", "log_min_error_statement=panic", "postgres"], folder.Cluster, account, _ => { }, script);
        await RunToEndAsync(server, cancellationToken);
        Directory.Delete(stage, recursive: true);
        if (server.ExitCode != 0 || server.Tail.Any(line => line.Contains("ERROR:", StringComparison.Ordinal)))
            throw new EmbeddedPostgresException(
                $"The password of the PostgreSQL user `{PostgresOptions.Superuser}` in {folder.Path} could not be set: {string.Join(" | ", server.Tail.TakeLast(3))}");
    }

    private static async Task RunToEndAsync(ServerProcess process, CancellationToken cancellationToken)
    {
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Send(ServerProcess.Signal.Interrupt);
            if (!await process.ExitsWithinAsync(TimeSpan.FromSeconds(2)))
                process.Send(ServerProcess.Signal.Kill);
            throw;
        }
    }
}
