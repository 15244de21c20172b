using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog.Import;

/// <summary>A page of the imports that were sent over the API, newest first.</summary>
public sealed record ImportPage(IReadOnlyList<ImportLine> Items, string? NextCursor);

/// <summary>An import without its problems. State is waiting, running, done or failed; startedBy is the mail address of the member of staff, or the name of the API key.</summary>
public sealed record ImportLine(
    Guid Id, string FileName, string StartedBy, string State, double Percent, int Products, int Created, int Updated, int Unchanged, int ProblemCount, string? Failure, DateTimeOffset StartedAt);

/// <summary>Reading about imports.</summary>
public static class ImportReads
{
    /// <summary>One statement, which leaves the problems where they are: a run has up to <see cref="ImportReport.MaxListed"/>.</summary>
    public static async Task<Outcome<ImportPage>> ListImportsAsync(this ShopDb db, int limit, string? cursor, DateTimeOffset now, CancellationToken cancellation)
    {
        var runs = db.Set<ImportRun>().AsNoTracking();
        if (cursor is not null)
        {
            if (IdCursor.Read(cursor) is not { } before) return new Refusal(CatalogRefusals.CursorInvalid, "The cursor is not one this list has given out.");
            runs = runs.Where(r => r.Id < before);
        }
        var rows = await runs.OrderByDescending(r => r.Id).Take(limit + 1).Select(r => new ImportRun
        {
            Id = r.Id,
            FileName = r.FileName,
            StartedBy = r.StartedBy,
            State = r.State,
            Share = r.Share,
            Products = r.Products,
            Created = r.Created,
            Updated = r.Updated,
            Unchanged = r.Unchanged,
            ProblemCount = r.ProblemCount,
            Failure = r.Failure,
            CreatedAt = r.CreatedAt,
            HeardAt = r.HeardAt,
        }).ToListAsync(cancellation);
        var lines = rows.Take(limit).Select(r => new ImportLine(
            r.Id, r.FileName, r.StartedBy, KnownWord.Of(r.StateAt(now)), r.Percent, r.Products, r.Created, r.Updated, r.Unchanged, r.ProblemCount, r.FailureAt(now), r.CreatedAt));
        return new ImportPage([.. lines], rows.Count > limit ? IdCursor.Write(rows[limit - 1].Id) : null);
    }
}
