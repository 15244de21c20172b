using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tests.Fixture;

/// <summary>Where a test run keeps things: nothing in the clone but what git ignores, nothing in a home that another user could not enter.</summary>
public static class TestFolders
{
    private const int FirstPort = 10_240;
    private const int PortCount = 22_000;

    private static int _lastPort = Random.Shared.Next(PortCount);

    private const string Prefix = "oddgrain-tests-";

    /// <summary>The clone this test assembly was built from.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Where npm packages are unpacked; the same folder the AppHost uses, so that a machine fetches them once.</summary>
    public static string Packages { get; } =
        Environment.GetEnvironmentVariable("Local__PackagesFolder") is { Length: > 0 } set ? set
        : Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows() ? "/var/lib/oddgrain/packages"
        : Path.Combine(Repository, ".local", "packages");

    /// <summary>A new, empty, private folder under the system's temporary folder. Folders of test processes that were killed are swept on the way.</summary>
    public static string CreatePrivate()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), $"{Prefix}*"))
        {
            if (int.TryParse(Path.GetFileName(folder)[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture, out var owner) && !Lives(owner))
                Delete(folder);
        }
        return Directory.CreateDirectory(
            Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}"))).FullName;
    }

    /// <summary>Deletes a private folder; what cannot be deleted now is swept by a later run.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Trace.WriteLine($"{folder} stays until a later run: {e.Message}");
        }
    }

    /// <summary>
    /// A port on 127.0.0.1 that is free now and that this process gives out only once. It lies below the range systems take for outgoing
    /// connections (32768 on Linux, 49152 elsewhere), so that no client's end of a connection takes it before its server listens.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + (int)((uint)Interlocked.Increment(ref _lastPort) % PortCount);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Somebody else's: the next one.
            }
        }
    }

    private static bool Lives(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Aspire.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No Aspire.sln above {AppContext.BaseDirectory}: the tests must run from a build inside the clone.");
    }
}
