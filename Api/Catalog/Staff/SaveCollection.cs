using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Api.Catalog.Staff;

/// <summary>What staff write about a collection.</summary>
public sealed record CollectionRequest
{
    [Required, StringLength(CatalogLimits.Name, MinimumLength = 1)]
    public required string Title { get; init; }

    [Required, StringLength(Commerce.Catalog.Slug.MaxLength, MinimumLength = 1)]
    public required string Slug { get; init; }

    [StringLength(10_000)]
    public string Description { get; init; } = "";

    [StringLength(CatalogLimits.SeoTitle)]
    public string? SeoTitle { get; init; }

    [StringLength(CatalogLimits.SeoDescription)]
    public string? SeoDescription { get; init; }

    public int Position { get; init; }
    public bool MatchAll { get; init; } = true;

    [MaxLength(30)]
    public IReadOnlyList<StaffRule> Rules { get; init; } = [];
}

/// <summary><c>POST /admin/collections</c> and <c>PUT /admin/collections/{id}</c></summary>
public static class SaveCollection
{
    public static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapPost("/collections", CreateAsync).WithName("CreateCollection").WithTags("Staff").WithSummary("Makes a collection, by hand or by rule.")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        staff.MapPut("/collections/{id:guid}", ChangeAsync).WithName("ChangeCollection").WithTags("Staff").WithSummary("Describes a collection anew; another slug leaves a redirect at the old one.")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Results<Created<StaffCollection>, ProblemHttpResult>> CreateAsync(
        CollectionRequest request, StaffCall call, ShopDb db, HttpContext context, CancellationToken cancellation)
    {
        var collection = new Collection { Id = Guid.CreateVersion7(), Slug = request.Slug, Title = request.Title };
        if (Describe(collection, request) is { } refusal) return refusal.Problem();
        db.Add(collection);
        if (await db.SaveEditAsync(collection, "catalogue.collection-created", call.Actor, call.Reason, cancellation) is { } taken) return taken.Problem();
        return TypedResults.Created($"/api/v1/admin/collections/{collection.Id}", collection.Answer(context).Value);
    }

    private static async Task<Results<Ok<StaffCollection>, ProblemHttpResult>> ChangeAsync(
        Guid id, CollectionRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, HttpContext context, CancellationToken cancellation)
    {
        if (await db.Collections.Include(c => c.Rules).FirstOrDefaultAsync(c => c.Id == id, cancellation) is not { } collection) return ReadCollection.Missing(id);
        if (ifMatch.Refuses(collection.Version) is { } changed) return changed;
        if (Describe(collection, request) is { } refusal) return refusal.Problem();
        if (await db.RenameAsync(collection, request.Slug, cancellation) is { } taken) return taken.Problem();
        if (await db.SaveEditAsync(collection, "catalogue.collection-changed", call.Actor, call.Reason, cancellation) is { } lost) return lost.Problem();
        return collection.Answer(context);
    }

    private static Refusal? Describe(Collection collection, CollectionRequest request)
    {
        if (!Commerce.Catalog.Slug.IsValid(request.Slug)) return new Refusal(CatalogRefusals.SlugInvalid, "A slug has lower-case letters, digits, - and _.");
        if (request.Rules.FirstOrDefault(r => !CollectionRule.IsPossible(r.Field, r.Relation, r.Value)) is { } bad)
            return new Refusal(CatalogRefusals.RuleInvalid, $"'{KnownWord.Of(bad.Field)} {KnownWord.Of(bad.Relation)} {bad.Value}' is no condition: prices take whole numbers, also with less and greater; titles, types and vendors also contains and starts-with; tags only equals and not-equals.");
        (collection.Title, collection.Description, collection.SeoTitle, collection.SeoDescription) = (request.Title, request.Description, request.SeoTitle, request.SeoDescription);
        (collection.Position, collection.MatchAll) = (request.Position, request.MatchAll);
        collection.Rules.Clear();
        collection.Rules.AddRange(request.Rules.Select((r, i) => new CollectionRule { CollectionId = collection.Id, Position = i + 1, Field = r.Field, Relation = r.Relation, Value = r.Value }));
        return null;
    }
}
