namespace Bench.Servers;

/// <summary>How many rows each table has.</summary>
internal static class RowCounts
{
    public static async Task<IReadOnlyDictionary<string, long>> CountRowsAsync(this Shop shop)
    {
        var tables = new List<string>();
        await using (var names = shop.Source.CreateCommand("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"))
        await using (var reader = await names.ExecuteReaderAsync())
            while (await reader.ReadAsync()) tables.Add(reader.GetString(0));
        var counts = new Dictionary<string, long>();
        foreach (var table in tables) counts[table] = await shop.ReadAsync<long>($"SELECT count(*) FROM \"{table}\"");
        return counts;
    }

    /// <summary>What has been added, without the tables that are as they were.</summary>
    public static IReadOnlyDictionary<string, long> Since(this IReadOnlyDictionary<string, long> now, IReadOnlyDictionary<string, long> before) =>
        now.Where(table => table.Value != before.GetValueOrDefault(table.Key)).ToDictionary(table => table.Key, table => table.Value - before.GetValueOrDefault(table.Key));
}
