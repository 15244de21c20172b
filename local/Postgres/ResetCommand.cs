namespace Local.Postgres;

/// <summary><c>reset --data-folder X</c>: deletes the data in X, unless a server is using it.</summary>
internal static class ResetCommand
{
    public static int Run(string[] args)
    {
        if (args is not ["reset", "--data-folder", { Length: > 0 } folder])
        {
            Console.Error.WriteLine("Usage: reset --data-folder <folder>");
            return 2;
        }
        try
        {
            Console.WriteLine(DataFolder.Reset(folder) ? $"The PostgreSQL data in {folder} was deleted." : $"There is no PostgreSQL data in {folder}.");
            return 0;
        }
        catch (EmbeddedPostgresException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
