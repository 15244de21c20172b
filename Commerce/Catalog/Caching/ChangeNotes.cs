using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog.Caching;

/// <summary>What is noted as a change of the catalogue although it is in no table of it; those note their changes themselves.</summary>
internal static class ChangeNotes
{
    /// <summary>In the transaction of the change: once it has committed, nothing that was cached before is shown.</summary>
    public static Task NoteEverythingAsync(this ShopDb db, CancellationToken cancellation) =>
        db.Database.ExecuteSqlAsync($"INSERT INTO catalog_changes (subject) VALUES ('*') ON CONFLICT DO NOTHING", cancellation);
}
