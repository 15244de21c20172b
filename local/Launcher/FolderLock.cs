namespace Local.Launcher;

/// <summary>One launcher per data folder. The operating system drops the lock when its holder dies, of whatever.</summary>
internal static class FolderLock
{
    private const string FileName = "launcher.lock";

    /// <summary>Makes the folder if it is missing, and takes it.</summary>
    /// <returns>To be disposed when the folder is no longer used.</returns>
    /// <exception cref="FolderRefusedException">The folder cannot be written, or another launcher has it; the message says which.</exception>
    public static FileStream Take(string folder)
    {
        try
        {
            var isNew = !Directory.Exists(folder);
            var made = Directory.CreateDirectory(folder);
            // A server may run as another user than its launcher, whatever the umask is; what it keeps inside is private to it.
            if (isNew && !OperatingSystem.IsWindows())
                made.UnixFileMode |= UnixFileMode.OtherExecute;
            return new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        // EAGAIN on Linux, EWOULDBLOCK on macOS, ERROR_SHARING_VIOLATION on Windows.
        catch (IOException e) when (e.HResult is 11 or 35 or unchecked((int)0x80070020))
        {
            throw new FolderRefusedException($"The data folder {folder} is in use by another launcher. Stop that one first, or give this one another folder.", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new FolderRefusedException($"The data folder {folder} cannot be written by user `{Environment.UserName}`: {e.Message}", e);
        }
    }
}

/// <summary>The data folder cannot be had; the message is meant for the person at the terminal.</summary>
internal sealed class FolderRefusedException(string message, Exception? inner = null) : Exception(message, inner);
