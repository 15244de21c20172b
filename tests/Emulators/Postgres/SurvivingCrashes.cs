using System.Diagnostics;
using Npgsql;
using Tests.Emulators.Launchers;

namespace Tests.Emulators.Postgres;

public class SurvivingCrashes
{
    private static readonly TimeSpan NothingLeft = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Acknowledged_rows_survive_a_killed_server_and_the_launcher_says_what_happened()
    {
        await using var postgres = new PostgresLauncher();
        var launcher = await postgres.StartHealthyAsync();
        var server = postgres.ServerProcessId;

        var acknowledged = await WriteUntilAsync(postgres, () => Signals.Send(server, Signals.Kill));

        Assert.Equal(1, await launcher.ExitAsync(NothingLeft));
        Assert.Contains($"PostgreSQL (process {server}) was ended by signal 9 while running", launcher.Output, StringComparison.Ordinal);
        await AssertAllAreThereAfterRestartAsync(postgres, acknowledged);
    }

    [Fact]
    public async Task Acknowledged_rows_survive_a_killed_launcher_and_no_server_is_left_behind()
    {
        await using var postgres = new PostgresLauncher();
        var launcher = await postgres.StartHealthyAsync();
        var server = postgres.ServerProcessId;

        var acknowledged = await WriteUntilAsync(postgres, () => Signals.Send(launcher.Process.Id, Signals.Kill));

        await AssertGoneAsync(server);
        await AssertAllAreThereAfterRestartAsync(postgres, acknowledged);
    }

    [Fact]
    public async Task A_launcher_that_comes_back_at_once_takes_over_from_the_server_of_its_killed_predecessor()
    {
        await using var postgres = new PostgresLauncher();
        var launcher = await postgres.StartHealthyAsync();
        // An open transaction, so that there is something to wait for.
        await using var client = new NpgsqlConnection(postgres.ConnectionString);
        await client.OpenAsync();
        await using var transaction = await client.BeginTransactionAsync();
        await postgres.ExecuteAsync("CREATE TABLE kept (id int)");

        await launcher.KillAsync();
        await postgres.StartHealthyAsync();

        Assert.Equal(0L, await postgres.ExecuteAsync("SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task Stopping_is_quick_with_clients_in_the_middle_of_something_and_the_same_port_opens_again_with_the_data()
    {
        await using var postgres = new PostgresLauncher();
        var launcher = await postgres.StartHealthyAsync();
        await postgres.ExecuteAsync("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id");
        await using var busy = new NpgsqlConnection(postgres.ConnectionString);
        await busy.OpenAsync();
        var sleeping = new NpgsqlCommand("SELECT pg_sleep(60)", busy).ExecuteNonQueryAsync();

        var (took, exitCode) = await launcher.TerminateAsync();

        Assert.Equal(0, exitCode);
        Assert.True(took < TimeSpan.FromSeconds(10), $"took {took}");
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => sleeping);
        await postgres.StartHealthyAsync();
        Assert.Equal(1000L, await postgres.ExecuteAsync("SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task A_stale_pid_file_that_names_somebody_elses_process_is_no_obstacle()
    {
        await using var postgres = new PostgresLauncher();
        await (await postgres.StartHealthyAsync()).TerminateAsync();
        await File.WriteAllTextAsync(Path.Combine(postgres.Cluster, "postmaster.pid"), $"{Environment.ProcessId}\n{postgres.Cluster}\n");

        var launcher = await postgres.StartHealthyAsync();

        Assert.Contains("whose server is gone", launcher.Output, StringComparison.Ordinal);
        Assert.True(Signals.Lives(Environment.ProcessId));
    }

    [Fact]
    public async Task A_first_start_that_is_killed_half_way_leaves_nothing_that_looks_like_data()
    {
        await using var postgres = new PostgresLauncher();
        var first = postgres.Start();
        await first.UntilSaysAsync("making a new PostgreSQL");
        await first.KillAsync();
        Assert.False(Directory.Exists(postgres.Cluster));

        await postgres.StartHealthyAsync();

        Assert.Equal(1, await postgres.ExecuteAsync("SELECT 1"));
        Assert.Empty(Directory.EnumerateDirectories(postgres.DataFolder, "*.new-*"));
    }

    private static async Task<int> WriteUntilAsync(PostgresLauncher postgres, Action kill)
    {
        const int WritesBeforeTheKill = 200;
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await using (var create = new NpgsqlCommand("CREATE TABLE written (id int PRIMARY KEY)", connection))
            await create.ExecuteNonQueryAsync();
        var acknowledged = 0;
        try
        {
            while (true)
            {
                await using var insert = new NpgsqlCommand("INSERT INTO written VALUES ($1)", connection) { Parameters = { new() { Value = acknowledged + 1 } } };
                await insert.ExecuteNonQueryAsync();
                if (++acknowledged == WritesBeforeTheKill)
                    kill();
            }
        }
        catch (NpgsqlException)
        {
            return acknowledged;
        }
    }

    private static async Task AssertAllAreThereAfterRestartAsync(PostgresLauncher postgres, int acknowledged)
    {
        await postgres.StartHealthyAsync();
        Assert.Equal((long)acknowledged, await postgres.ExecuteAsync($"SELECT count(*) FROM written WHERE id <= {acknowledged}"));
        // At most the one row whose acknowledgement was lost on the way.
        Assert.InRange((long)(await postgres.ExecuteAsync("SELECT count(*) FROM written"))!, acknowledged, acknowledged + 1);
    }

    private static async Task AssertGoneAsync(int server)
    {
        for (var clock = Stopwatch.StartNew(); Signals.Lives(server); await Task.Delay(100))
            Assert.True(clock.Elapsed < NothingLeft, $"the server still runs {clock.Elapsed} after its launcher");
    }
}
