using System.Globalization;
using Npgsql;
using Tests.Emulators.Launchers;
using Tests.Fixture;

namespace Tests.Emulators.Postgres;

/// <summary>A data folder and a port of one test's own; launchers are started on them as often as the test likes.</summary>
internal sealed class PostgresLauncher : IAsyncDisposable
{
    private readonly List<LauncherProcess> _started = [];

    public int Port { get; init; } = TestFolders.FreePort();

    public string Root { get; } = TestFolders.CreatePrivate();

    public string DataFolder => Path.Combine(Root, "data folder");

    public string Cluster => Path.Combine(DataFolder, "pgdata");

    public string Password { get; set; } = "it's secret";

    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Password = Password,
        Database = "shop",
        Pooling = false,
        Timeout = 5,
    }.ConnectionString;

    public LauncherProcess Start(string? user = null, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["Postgres__Port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["Postgres__DataFolder"] = DataFolder,
            ["Postgres__BinariesFolder"] = TestFolders.Packages,
            ["Postgres__Password"] = Password,
        };
        foreach (var (name, value) in more)
            settings[name] = value;
        var launcher = LauncherProcess.Start("Local.Postgres", [], settings, user);
        _started.Add(launcher);
        return launcher;
    }

    public Task<LauncherProcess> StartHealthyAsync() => Start().UntilHealthyAsync();

    /// <summary>Starts one that is expected to refuse.</summary>
    /// <returns>What it said.</returns>
    public async Task<string> RefusedAsync(string? user = null, params (string Name, string Value)[] more)
    {
        var launcher = Start(user, more);
        Assert.Equal(1, await launcher.ExitAsync(LauncherProcess.StartPatience));
        return launcher.Output;
    }

    public async Task<(int ExitCode, string Output)> ResetAsync()
    {
        var launcher = LauncherProcess.Start("Local.Postgres", ["reset", "--data-folder", DataFolder], new Dictionary<string, string>());
        _started.Add(launcher);
        return (await launcher.ExitAsync(LauncherProcess.StartPatience), launcher.Output);
    }

    public int ServerProcessId => int.Parse(File.ReadLines(Path.Combine(Cluster, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var launcher in _started)
            await launcher.DisposeAsync();
        TestFolders.Delete(Root);
    }
}
