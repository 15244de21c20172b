using System.Diagnostics;
using System.Runtime.Versioning;
using Tests.Fixture;

namespace Tests.Emulators.Postgres;

/// <summary>PostgreSQL refuses root; everybody else runs it as themselves. These need root, to be able to become somebody else.</summary>
[UnsupportedOSPlatform("windows")]
public class OtherUsers
{
    private const string Somebody = "daemon";

    [Fact]
    public async Task Root_runs_the_server_as_nobody_in_a_folder_that_only_nobody_can_read()
    {
        RequireRoot();
        await using var postgres = new PostgresLauncher();
        await postgres.StartHealthyAsync();

        Assert.Equal("nobody", Output("/usr/bin/stat", "-c", "%U", $"/proc/{postgres.ServerProcessId}"));
        Assert.Equal("nobody 700", Output("/usr/bin/stat", "-c", "%U %a", postgres.Cluster));
    }

    [Fact]
    public async Task Another_user_runs_the_server_as_himself()
    {
        RequireSomebody();
        await using var postgres = new PostgresLauncher();
        // Fetches the binaries first: the packages folder is root's.
        await (await postgres.StartHealthyAsync()).TerminateAsync();
        Assert.Equal(0, (await postgres.ResetAsync()).ExitCode);
        Output("/bin/chown", "-R", Somebody, postgres.Root);

        await postgres.Start(Somebody).UntilHealthyAsync();

        Assert.Equal(Somebody, Output("/usr/bin/stat", "-c", "%U", $"/proc/{postgres.ServerProcessId}"));
        Assert.Equal(1, await postgres.ExecuteAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named_with_the_user()
    {
        RequireSomebody();
        await using var postgres = new PostgresLauncher();

        var said = await postgres.RefusedAsync(Somebody);

        Assert.Contains($"The data folder {postgres.DataFolder} cannot be written by user `{Somebody}`", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_another_users_data_is_named_and_left_alone()
    {
        RequireSomebody();
        await using var postgres = new PostgresLauncher();
        await (await postgres.StartHealthyAsync()).TerminateAsync();
        Output("/bin/chown", Somebody, postgres.Root, postgres.DataFolder, Path.Combine(postgres.DataFolder, "launcher.lock"));

        var said = await postgres.RefusedAsync(Somebody);

        Assert.Contains($"cannot be read by user `{Somebody}`", said, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(postgres.Cluster, "PG_VERSION")));
    }

    [Fact]
    public async Task A_closed_home_is_named_and_its_mode_stays_as_it_is()
    {
        RequireRoot();
        await using var postgres = new PostgresLauncher();
        var home = Path.Combine(postgres.Root, "home");
        Directory.CreateDirectory(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var said = await postgres.RefusedAsync(null, ("Postgres__DataFolder", Path.Combine(home, "clone", "data")));

        Assert.Contains($"The folder {home} is closed to the user `nobody`", said, StringComparison.Ordinal);
        Assert.Equal("700", Output("/usr/bin/stat", "-c", "%a", home));
    }

    [Fact]
    public async Task A_full_disk_is_said_and_once_there_is_room_everything_acknowledged_is_back()
    {
        RequireRoot();
        await using var postgres = new PostgresLauncher();
        Directory.CreateDirectory(postgres.DataFolder);
        Assert.SkipUnless(TryRun("/bin/mount", "-t", "tmpfs", "-o", "size=96m,mode=755", "tmpfs", postgres.DataFolder), "no tmpfs can be mounted here");
        try
        {
            var launcher = await postgres.StartHealthyAsync();
            await postgres.ExecuteAsync("CREATE TABLE kept AS SELECT generate_series(1, 100) AS id");
            await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => postgres.ExecuteAsync(
                "CREATE TABLE huge AS SELECT repeat('x', 1000) || i AS text FROM generate_series(1, 1000000) AS i"));
            if (launcher.Process.HasExited)
                Assert.Contains("is full", launcher.Output, StringComparison.Ordinal);
            else
                await launcher.TerminateAsync();

            Assert.True(TryRun("/bin/mount", "-o", "remount,size=512m", postgres.DataFolder));
            var again = await postgres.StartHealthyAsync();
            Assert.Equal(100L, await postgres.ExecuteAsync("SELECT count(*) FROM kept"));
            await again.TerminateAsync();
        }
        finally
        {
            Assert.True(TryRun("/bin/umount", "-l", postgres.DataFolder));
        }
    }

    private static void RequireRoot() =>
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "only root on Linux can become somebody else");

    private static void RequireSomebody()
    {
        RequireRoot();
        for (var way = new DirectoryInfo(AppContext.BaseDirectory); way is not null; way = way.Parent)
            Assert.SkipUnless(way.UnixFileMode.HasFlag(UnixFileMode.OtherExecute), $"{way.FullName} is closed to other users, so they cannot run what is built in it");
        Assert.SkipUnless(Directory.Exists(TestFolders.Packages) || Directory.Exists("/var/lib"), "no folder that other users can read");
    }

    private static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return text;
    }

    private static bool TryRun(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
