using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Local.Postgres;

/// <summary>Whom the server runs as: ourselves, or an unprivileged account when we are root (PostgreSQL refuses root).</summary>
/// <param name="UserName">Null when the server runs as the launcher's own user.</param>
/// <param name="UserId">Meaningful only with a name.</param>
/// <param name="GroupId">Meaningful only with a name.</param>
internal sealed partial record ServerAccount(string? UserName, uint UserId, uint GroupId)
{
    public string Display => UserName ?? Environment.UserName;

    /// <exception cref="EmbeddedPostgresException">The account does not exist, or is root itself.</exception>
    public static ServerAccount Find(string unprivileged)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return new(null, 0, 0);
        // nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
        var entry = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 3 && fields[0] == unprivileged)
            ?? throw new EmbeddedPostgresException($"PostgreSQL does not run as root, and the account `{unprivileged}` (Postgres:ServerUser) does not exist here.");
        var user = unchecked((uint)long.Parse(entry[2], CultureInfo.InvariantCulture));
        var group = unchecked((uint)long.Parse(entry[3], CultureInfo.InvariantCulture));
        return user == 0
            ? throw new EmbeddedPostgresException($"PostgreSQL does not run as root: Postgres:ServerUser must be another account than `{unprivileged}`.")
            : new(unprivileged, user, group);
    }

    /// <summary>Makes a folder that only the server's account can enter.</summary>
    /// <exception cref="EmbeddedPostgresException">The folder cannot be made, or cannot be given to the account.</exception>
    public void CreatePrivateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Give(folder);
    }

    /// <summary>Writes a file that only the server's account can read.</summary>
    public void WritePrivateFile(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(path, options))
            writer.Write(text);
        Give(path);
    }

    /// <summary>Root opens every folder, the server's account may not: tells which folder on the way is closed to it.</summary>
    /// <exception cref="EmbeddedPostgresException">Names the closed folder.</exception>
    public void RequireWayTo(string folder)
    {
        if (UserName is null || OperatingSystem.IsWindows())
            return;
        for (var way = new DirectoryInfo(Path.GetFullPath(folder)); way is not null; way = way.Parent)
        {
            if (way.Exists && !way.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
                throw new EmbeddedPostgresException(
                    $"The folder {way.FullName} is closed to the user `{UserName}` that PostgreSQL runs as when you are root, so {folder} cannot be used. " +
                    "Choose a folder outside of it (its permissions are yours to decide, so they were left alone).");
        }
    }

    private void Give(string path)
    {
        if (UserName is not null && !OperatingSystem.IsWindows() && ChangeOwner(path, UserId, GroupId) != 0)
            throw new EmbeddedPostgresException($"{path} cannot be given to the user `{UserName}`: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
