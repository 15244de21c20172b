using System.Text.Json;
using Commerce;
using Commerce.Catalog;
using Commerce.Catalog.Import;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary>How far an import is. State is waiting, running, done or failed; problems are the rows that could not be taken, by line and column, the first 1,000 of them; problemCount counts all. Unchanged are the products that were in the shop as the file has them; encoding is the one that the file was read in.</summary>
public sealed record ImportView(
    Guid Id, string FileName, string State, double Percent, int Products, int Created, int Updated, int Unchanged, int ProblemCount, IReadOnlyList<ImportProblem> Problems, string? Encoding, string? Failure, DateTimeOffset StartedAt)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    internal static ImportView Of(ImportRun run, DateTimeOffset now) => new(
        run.Id, run.FileName, KnownWord.Of(run.StateAt(now)), run.Percent, run.Products, run.Created, run.Updated, run.Unchanged, run.ProblemCount,
        JsonSerializer.Deserialize<List<ImportProblem>>(run.Problems, Json)!, run.Encoding, run.FailureAt(now), run.CreatedAt);
}

/// <summary><c>GET /admin/imports/{id}</c></summary>
public static class GetImport
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/imports/{id:guid}", HandleAsync)
        .WithName(nameof(GetImport)).WithTags("Staff").WithSummary("How far an import is, and what it could not take.").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<ImportView>, ProblemHttpResult>> HandleAsync(Guid id, ShopDb db, TimeProvider clock, CancellationToken cancellation) =>
        await db.Set<ImportRun>().FindAsync([id], cancellation) is { } run
            ? TypedResults.Ok(ImportView.Of(run, clock.GetUtcNow()))
            : new Refusal(CatalogRefusals.ImportNotFound, $"There is no import {id}.").Problem();
}
