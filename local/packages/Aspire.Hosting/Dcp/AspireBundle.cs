using System.Diagnostics;
using System.Runtime.InteropServices;
using Local.Npm;

namespace Aspire.Hosting.Dcp;

/// <summary>Aspire's own orchestrator and dashboard, taken from npm.</summary>
/// <param name="Orchestrator">Path of <c>dcp</c>.</param>
/// <param name="Dashboard">Path of <c>aspire-managed</c>.</param>
internal sealed record AspireBundle(string Orchestrator, string Dashboard)
{
    public const string Version = "13.5.4";
    private const string ReadyFile = ".ready";

    /// <summary>Finds the programs in the packages folder, or fetches and unpacks them there, once.</summary>
    /// <param name="packagesFolder">Where npm packages are kept between runs.</param>
    /// <param name="progress">Told what takes time.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    public static async Task<AspireBundle> EnsureAsync(string packagesFolder, Action<string> progress, CancellationToken cancellationToken)
    {
        var target = Path.Combine(packagesFolder, $"aspire-{Version}-{Platform()}");
        if (!File.Exists(Path.Combine(target, ReadyFile)))
            await UnpackAsync(packagesFolder, target, progress, cancellationToken);

        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        var bundle = Bundle(target);
        return new AspireBundle(
            Existing(Path.Combine(bundle, "dcp", "dcp" + suffix)),
            Existing(Path.Combine(bundle, "managed", "aspire-managed" + suffix)));
    }

    /// <summary>The middle part of the package's name: operating system and processor as Aspire's npm packages write them.</summary>
    internal static string Platform()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl" : "linux";
        var processor = RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 => "arm64",
            var other => throw new DistributedApplicationException($"Aspire's orchestrator is not published for {other} processors."),
        };
        return $"{system}-{processor}";
    }

    private static async Task UnpackAsync(string packagesFolder, string target, Action<string> progress, CancellationToken cancellationToken)
    {
        var package = await FetchAsync(packagesFolder, progress, cancellationToken);
        var program = Existing(Path.Combine(package, "bin", OperatingSystem.IsWindows() ? "aspire.exe" : "aspire"));

        progress("Unpacking Aspire's orchestrator and dashboard (300 MB, once)");
        var staging = $"{target}.{Guid.NewGuid():N}";
        var home = Directory.CreateTempSubdirectory("aspire-setup-");
        try
        {
            await RunSetupAsync(program, staging, home.FullName, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(staging, ReadyFile), Version, cancellationToken);
            MoveIntoPlace(staging, target);
        }
        finally
        {
            home.Delete(recursive: true);
            if (Directory.Exists(staging))
                Directory.Delete(staging, recursive: true);
        }
    }

    private static async Task<string> FetchAsync(string packagesFolder, Action<string> progress, CancellationToken cancellationToken)
    {
        try
        {
            return await NpmPackage.InstallAsync($"@microsoft/aspire-cli-{Platform()}", Version, packagesFolder, progress, cancellationToken);
        }
        catch (NpmPackageException exception)
        {
            throw new DistributedApplicationException($"Aspire's orchestrator cannot be fetched: {exception.Message}", exception);
        }
    }

    private static void MoveIntoPlace(string staging, string target)
    {
        // Another AppHost may have been faster: then its copy stays and ours goes.
        if (Directory.Exists(target) && !File.Exists(Path.Combine(target, ReadyFile)))
            Directory.Delete(target, recursive: true);

        if (!Directory.Exists(target))
            Directory.Move(staging, target);
    }

    /// <summary>
    /// How the CLI is asked to unpack itself. Its first start would draw a banner that fails without a real terminal (13.5.4: SIGABRT), and
    /// it checks what it unpacked where it would look for it itself, which is not our folder unless it is told (13.5.4: fails every other time).
    /// </summary>
    internal static ProcessStartInfo Setup(string program, string folder, string home) =>
        new(program, ["setup", "--install-path", folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["HOME"] = home,
                ["ASPIRE_LAYOUT_PATH"] = folder,
                ["ASPIRE_CLI_NOLOGO"] = "true",
                ["ASPIRE_NON_INTERACTIVE"] = "true",
                ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "1",
            },
        };

    private static async Task RunSetupAsync(string program, string folder, string home, CancellationToken cancellationToken)
    {
        var start = Setup(program, folder, home);
        using var process = Process.Start(start) ?? throw new DistributedApplicationException($"{program} did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new DistributedApplicationException($"Unpacking Aspire's orchestrator failed with exit code {process.ExitCode}: {await output} {await errors}");
    }

    /// <summary>The folder's <c>bundle</c> link is absolute and does not survive the move; what it points at does.</summary>
    private static string Bundle(string target) => Directory.GetDirectories(Path.Combine(target, "versions")) is [var only]
        ? only
        : throw new DistributedApplicationException($"{target} is damaged: delete it and start again.");

    private static string Existing(string path) => File.Exists(path)
        ? path
        : throw new DistributedApplicationException($"{path} is missing: delete {Path.GetDirectoryName(path)} and start again.");
}
