namespace Tests.System;

/// <summary>A temporary folder that other users may walk through: PostgreSQL runs as one of them when the tests run as root.</summary>
internal static class PublicTemporaryFolder
{
    private const UnixFileMode Traversable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public static string Create(string prefix)
    {
        var folder = Directory.CreateTempSubdirectory(prefix).FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, Traversable);
        return folder;
    }
}
