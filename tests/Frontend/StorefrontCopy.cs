using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Tests.Frontend;

/// <summary>A copy of the storefront with its development packages, which must not come into the folder a running stack serves from.</summary>
public sealed class StorefrontCopy : IAsyncLifetime
{
    private static readonly string[] NotCopied = ["node_modules", ".next", ".vercel"];

    public string Folder { get; } = Path.Combine(Repository(), "artifacts", "storefront-checks", "Frontend");

    public async ValueTask InitializeAsync()
    {
        foreach (var stale in Directory.Exists(Folder) ? Directory.EnumerateFileSystemEntries(Folder) : [])
        {
            if (Path.GetFileName(stale) is not ("node_modules" or ".installed"))
                Delete(stale);
        }

        Copy(Path.Combine(Repository(), "Frontend"), Folder);
        Directory.CreateDirectory(Path.Combine(Folder, "..", "Api"));
        File.Copy(Path.Combine(Repository(), "Api", "openapi.v1.json"), Path.Combine(Folder, "..", "Api", "openapi.v1.json"), overwrite: true);

        var lockHash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder, "package-lock.json"))));
        var stamp = Path.Combine(Folder, ".installed");
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == lockHash)
            return;
        await NpmAsync("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
        await File.WriteAllTextAsync(stamp, lockHash);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Runs npm in the copy; anything but exit code 0 fails the test with what npm said.</summary>
    public async Task NpmAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NEXT_TELEMETRY_DISABLED"] = "1";
        start.Environment["CI"] = "true";
        using var npm = Process.Start(start)!;
        var output = new StringBuilder();
        npm.OutputDataReceived += (_, line) => Append(output, line.Data);
        npm.ErrorDataReceived += (_, line) => Append(output, line.Data);
        npm.BeginOutputReadLine();
        npm.BeginErrorReadLine();
        await npm.WaitForExitAsync();
        Assert.True(npm.ExitCode == 0, $"npm {string.Join(' ', arguments)} ended with {npm.ExitCode}:\n{output}");
    }

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
            output.AppendLine(line);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        foreach (var folder in Directory.EnumerateDirectories(from).Where(folder => !NotCopied.Contains(Path.GetFileName(folder))))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Aspire.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("Aspire.sln is in no folder above the tests.");
        return folder.FullName;
    }
}
