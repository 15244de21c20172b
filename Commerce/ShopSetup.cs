using System.Data;
using Commerce.Catalog;
using Commerce.Catalog.Import;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;

namespace Commerce;

/// <summary>A fact the shop remembers about itself.</summary>
public sealed class Setting
{
    public required string Key { get; init; }
    public required string Value { get; set; }
}

/// <summary>Brings a database to this version, and fills an empty shop. Several processes may run it at once: the later ones wait and find nothing to do.</summary>
public static class ShopSetup
{
    private const string FirstImport = "first-import";
    private const string Started = "started";
    private const string Finished = "finished";

    /// <summary>Name of the advisory lock; any number, as long as nothing else uses it.</summary>
    private const long LockId = 0x4F_44_44_47;

    /// <exception cref="InvalidOperationException">The database was made by migrations that this version does not have, and lacks some that it has; nothing was changed.</exception>
    public static async Task MigrateAsync(ShopDb db, CancellationToken cancellation)
    {
        await using var turn = await TakeTurnAsync(db, cancellation);
        await RefuseAnotherHistoryAsync(db, cancellation);
        await db.Database.MigrateAsync(cancellation);
    }

    /// <summary>A database that is only ahead is left alone: the version before must be able to start on it.</summary>
    private static async Task RefuseAnotherHistoryAsync(ShopDb db, CancellationToken cancellation)
    {
        string[] known = [.. db.Database.GetMigrations()];
        string[] applied = [.. await db.Database.GetAppliedMigrationsAsync(cancellation)];
        string[] foreign = [.. applied.Except(known)];
        if (foreign.Length > 0 && known.Except(applied).Any())
            throw new InvalidOperationException($"This database was made by another line of versions ({string.Join(", ", foreign)}), and cannot become one of {known[^1]}. " +
                "Nothing was changed. Use another database, or reset a local one: the button on the dashboard's postgres row, or `local/Postgres -- reset` (README).");
    }

    /// <summary>Imports the catalogue if the shop has never had a product, or if its first import was cut off; null when there is nothing to do.</summary>
    public static async Task<ImportReport?> FillAsync(ShopDb db, CatalogImport import, string csvPath, string imagesFolder, ImportOrigin origin,
        IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        await using var turn = await TakeTurnAsync(db, cancellation);
        var setting = await db.Set<Setting>().FirstOrDefaultAsync(s => s.Key == FirstImport, cancellation);
        if (setting?.Value == Finished || (setting is null && await db.Products.AnyAsync(cancellation))) return null;
        if (setting is null)
        {
            db.Add(new Setting { Key = FirstImport, Value = Started });
            await db.SaveChangesAsync(cancellation);
        }
        var report = await import.RunAsync(csvPath, imagesFolder, origin, progress, cancellation);
        db.ChangeTracker.Clear();
        if (!await db.Set<Setting>().AnyAsync(s => s.Key == DemoRemoval.Setting, cancellation)) await db.RememberDemoAsync(cancellation);
        await db.Set<Setting>().Where(s => s.Key == FirstImport).ExecuteUpdateAsync(s => s.SetProperty(x => x.Value, Finished), cancellation);
        return report;
    }

    private static async Task<Turn> TakeTurnAsync(ShopDb db, CancellationToken cancellation)
    {
        var connection = (NpgsqlConnection)((ICloneable)db.Database.GetDbConnection()).Clone();
        await connection.OpenAsync(cancellation);
        await RunAsync(connection, "SELECT pg_advisory_lock($1)", cancellation);
        return new Turn(connection);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = LockId } }, CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The lock, on a connection of its own: it spans many transactions and ends with the process at the latest.</summary>
    private sealed class Turn(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (connection.State == ConnectionState.Open) await RunAsync(connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None);
            await connection.DisposeAsync();
        }
    }
}

internal sealed class SettingMapping : IEntityTypeConfiguration<Setting>
{
    public void Configure(EntityTypeBuilder<Setting> builder)
    {
        builder.ToTable("settings");
        builder.HasKey(s => s.Key);
    }
}
