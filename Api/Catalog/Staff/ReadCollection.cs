using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Api.Catalog.Staff;

/// <summary>A condition of a collection by rule; prices in minor units of the shop's currency.</summary>
public sealed record StaffRule(RuleField Field, RuleRelation Relation, [property: StringLength(255)] string Value);

/// <summary>A collection as staff see it; without rules it is put together by hand.</summary>
public sealed record StaffCollection(
    Guid Id, string Slug, string Title, string Description, string? SeoTitle, string? SeoDescription, int Position, bool MatchAll, IReadOnlyList<StaffRule> Rules, int Version)
{
    internal static StaffCollection Of(Collection c) => new(
        c.Id, c.Slug, c.Title, c.Description, c.SeoTitle, c.SeoDescription, c.Position, c.MatchAll,
        [.. c.Rules.OrderBy(r => r.Position).Select(r => new StaffRule(r.Field, r.Relation, r.Value))], c.Version);
}

/// <summary><c>GET /admin/collections/{id}</c></summary>
public static class ReadCollection
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/collections/{id:guid}", HandleAsync)
        .WithName(nameof(ReadCollection)).WithTags("Staff").WithSummary("A collection with its rules and the ETag an edit needs.").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<StaffCollection>, ProblemHttpResult>> HandleAsync(Guid id, ShopDb db, HttpContext context, CancellationToken cancellation) =>
        await db.Collections.Include(c => c.Rules).FirstOrDefaultAsync(c => c.Id == id, cancellation) is { } collection ? collection.Answer(context) : Missing(id);

    internal static Ok<StaffCollection> Answer(this Collection collection, HttpContext context)
    {
        context.SetETag(collection.Version);
        return TypedResults.Ok(StaffCollection.Of(collection));
    }

    internal static ProblemHttpResult Missing(Guid id) => new Refusal(CatalogRefusals.CollectionNotFound, $"There is no collection {id}.").Problem();
}
