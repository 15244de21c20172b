using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Local.Npm;

namespace Tests.Fixture;

/// <summary>A Chromium for browser tests: the machine's own, else one fetched from npm that needs nothing of the machine.</summary>
/// <param name="ExecutablePath">To be driven over the DevTools protocol (Playwright); the fetched one lacks the <c>--screenshot</c> switch.</param>
/// <param name="Environment">Variables it needs; add them to the inherited ones.</param>
public sealed record Chromium(string ExecutablePath, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Names an executable to use instead of looking for one.</summary>
    public const string OverrideVariable = "CHROMIUM";

    private const string Package = "@sparticuz/chromium";
    private const string PackageVersion = "153.0.0";
    private const string UnpackedName = "unpacked";

    private static readonly string[] Usual =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable", "/usr/bin/microsoft-edge", "/snap/bin/chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe", @"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
        @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    /// <summary>Switches it needs: root has no sandbox to start, and containers have a tiny /dev/shm.</summary>
    public IReadOnlyList<string> Arguments { get; } = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"];

    /// <summary>The override, the machine's browser, or the fetched one, in this order.</summary>
    /// <exception cref="InvalidOperationException">There is none, and none can be fetched; says what to do.</exception>
    public static async Task<Chromium> FindAsync(CancellationToken cancellationToken = default)
    {
        if (System.Environment.GetEnvironmentVariable(OverrideVariable) is { Length: > 0 } chosen)
            return File.Exists(chosen) ? new(chosen, NoVariables) : throw new InvalidOperationException($"{OverrideVariable} names {chosen}, which does not exist.");
        return Usual.FirstOrDefault(File.Exists) is { } installed ? new(installed, NoVariables) : await FetchAsync(TestFolders.Packages, cancellationToken);
    }

    /// <summary>The one from npm, unpacked once per packages folder.</summary>
    /// <exception cref="InvalidOperationException">It cannot be fetched, or is not made for this machine.</exception>
    public static async Task<Chromium> FetchAsync(string packagesFolder, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture is not Architecture.X64)
            throw new InvalidOperationException($"No Chromium was found, and npm has none for {RuntimeInformation.RuntimeIdentifier}. Install one, or set {OverrideVariable}.");
        try
        {
            var package = await NpmPackage.InstallAsync(Package, PackageVersion, packagesFolder, Unpack, Console.WriteLine, cancellationToken);
            var unpacked = Path.Combine(package, UnpackedName);
            return new(
                Path.Combine(unpacked, "chromium"),
                new Dictionary<string, string>
                {
                    ["LD_LIBRARY_PATH"] = Path.Combine(unpacked, "lib"),
                    ["FONTCONFIG_PATH"] = unpacked,
                });
        }
        catch (NpmPackageException e)
        {
            throw new InvalidOperationException($"No Chromium was found, and none could be fetched. Install one, or set {OverrideVariable}. {e.Message}", e);
        }
    }

    private static IReadOnlyDictionary<string, string> NoVariables { get; } = new Dictionary<string, string>();

    // bin/chromium.br is the program; bin/{al2023,fonts,swiftshader}.tar.br are its libraries, fonts and software renderer.
    [SupportedOSPlatform("linux")]
    private static void Unpack(string package)
    {
        var target = Path.Combine(package, UnpackedName);
        Directory.CreateDirectory(target);
        foreach (var packed in Directory.EnumerateFiles(Path.Combine(package, "bin"), "*.br"))
        {
            using (var plain = new BrotliStream(File.OpenRead(packed), CompressionMode.Decompress))
            {
                if (packed.EndsWith(".tar.br", StringComparison.Ordinal))
                    TarFile.ExtractToDirectory(plain, target, overwriteFiles: true);
                else
                    Write(plain, Path.Combine(target, Path.GetFileNameWithoutExtension(packed)));
            }
            File.Delete(packed);
        }
        // Relative to this file, so the package may be moved to its final place; the one it brings names folders of another system.
        File.WriteAllText(
            Path.Combine(target, "fonts.conf"),
            """
            <?xml version="1.0"?>
            <!DOCTYPE fontconfig SYSTEM "fonts.dtd">
            <fontconfig>
              <dir prefix="relative">fonts</dir>
              <dir>/usr/share/fonts</dir>
              <cachedir prefix="xdg">fontconfig</cachedir>
            </fontconfig>
            """);
    }

    [SupportedOSPlatform("linux")]
    private static void Write(BrotliStream plain, string path)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
        });
        plain.CopyTo(file);
    }
}
