using System.Globalization;
using StackExchange.Redis;
using Tests.Emulators.Launchers;
using Tests.Fixture;

namespace Tests.Emulators.Redis;

/// <summary>A data folder and a port of one test's own; launchers are started on them as often as the test likes.</summary>
internal sealed class RedisLauncher : IAsyncDisposable
{
    private readonly List<LauncherProcess> _started = [];

    public int Port { get; init; } = TestFolders.FreePort();

    public string Root { get; } = TestFolders.CreatePrivate();

    public string DataFolder => Path.Combine(Root, "data folder");

    public string Password { get; set; } = "it's secret";

    public LauncherProcess Start(string? user = null, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["Redis__Port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["Redis__DataFolder"] = DataFolder,
            ["Redis__Password"] = Password,
        };
        foreach (var (name, value) in more)
            settings[name] = value;
        var launcher = LauncherProcess.Start("Local.Redis", [], settings, user);
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
        var launcher = LauncherProcess.Start("Local.Redis", ["reset", "--data-folder", DataFolder], new Dictionary<string, string>());
        _started.Add(launcher);
        return (await launcher.ExitAsync(LauncherProcess.StartPatience), launcher.Output);
    }

    public Task<ConnectionMultiplexer> ConnectAsync() =>
        ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{Port},password={Password},abortConnect=true,connectTimeout=10000");

    public async ValueTask DisposeAsync()
    {
        foreach (var launcher in _started)
            await launcher.DisposeAsync();
        TestFolders.Delete(Root);
    }
}
