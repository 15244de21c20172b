namespace Local.Launcher;

/// <summary>The verb <c>reset --data-folder X</c>: start empty next time. Refuses while a launcher uses X.</summary>
internal static class ResetCommand
{
    /// <param name="args">The command line, verb included.</param>
    /// <param name="server">Whose data, for the messages.</param>
    /// <param name="reset">Deletes the data in a folder; false when there is none.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, string server, Func<string, bool> reset)
    {
        if (args is not ["reset", "--data-folder", { Length: > 0 } folder])
        {
            Console.Error.WriteLine("Usage: reset --data-folder <folder>");
            return 2;
        }
        try
        {
            Console.WriteLine(reset(folder) ? $"The {server} data in {folder} was deleted." : $"There is no {server} data in {folder}.");
            return 0;
        }
        catch (FolderRefusedException e)
        {
            Console.Error.WriteLine($"{e.Message} Nothing was deleted.");
            return 1;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            Console.Error.WriteLine($"The {server} data in {folder} cannot be deleted by user `{Environment.UserName}`: {e.Message}");
            return 1;
        }
    }
}
