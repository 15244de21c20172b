using System.Security.Cryptography;
using System.Text;

namespace AppHost;

/// <summary>
/// Where the local stack keeps what must outlive a run: data folders, unpacked binaries and generated secrets.
/// Root's home is closed to the unprivileged user PostgreSQL runs as, so for root it lies under <c>/var/lib/oddgrain</c>,
/// one folder per clone; for everybody else in the git-ignored <c>.local</c> of the clone. <c>Local:StateFolder</c> and
/// <c>Local:PackagesFolder</c> override either.
/// </summary>
internal sealed class LocalState
{
    private const UnixFileMode Traversable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private LocalState(string root, string packages, string clone)
    {
        Root = root;
        Packages = packages;
        Clone = clone;
    }

    public string Root { get; }

    /// <summary>Unpacked npm packages (PostgreSQL, the orchestrator); shared by all clones of one user.</summary>
    public string Packages { get; }

    public string Clone { get; }

    /// <exception cref="InvalidOperationException">The folder cannot be created or written to; the message names it.</exception>
    public static LocalState Open(IDistributedApplicationBuilder builder)
    {
        var clone = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, ".."));
        var home = DefaultFolder(clone);
        var root = Path.GetFullPath(builder.Configuration["Local:StateFolder"] ?? home.State);
        var packages = Path.GetFullPath(builder.Configuration["Local:PackagesFolder"] ?? home.Packages);
        if (builder.ExecutionContext.IsRunMode)
        {
            EnsureWritable(root, "Local:StateFolder");
            EnsureWritable(packages, "Local:PackagesFolder");
        }

        return new LocalState(root, packages, clone);
    }

    /// <summary>A folder of its own for one concern; it exists on return.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(Root, name)).FullName;

    /// <summary>A random secret, made once and then kept, readable by its owner only: nothing to configure, nothing in the repository.</summary>
    public string Secret(string name, string prefix = "")
    {
        var folder = Path.Combine(Root, "secrets");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly);

        var file = Path.Combine(folder, name);
        if (!File.Exists(file))
            File.WriteAllText(file, prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
        return File.ReadAllText(file);
    }

    private static (string State, string Packages) DefaultFolder(string clone)
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
            return (Path.Combine(clone, ".local"), Path.Combine(clone, ".local", "packages"));

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(clone)))[..12];
        return ($"/var/lib/oddgrain/{hash}", "/var/lib/oddgrain/packages");
    }

    private static void EnsureWritable(string folder, string setting)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, Traversable);
            var probe = Path.Combine(folder, $".writable-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new InvalidOperationException(
                $"The local stack keeps its data in {folder}, and user {Environment.UserName} cannot write there ({e.Message}). "
                + $"Make it writable, or name another folder with --{setting}=<folder>.", e);
        }
    }
}
