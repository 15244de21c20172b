using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog;

/// <summary><c>GET /facets</c></summary>
public static class ListFacets
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/facets", HandleAsync)
        .WithName(nameof(ListFacets)).WithTags("Catalogue").WithSummary("What a list of products can be narrowed down by, with counts. Takes the filter of the list.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<CachedJson<FacetList>, ProblemHttpResult>> HandleAsync([AsParameters] ListFilter filter, CatalogAnswers answers, CancellationToken cancellation)
    {
        var read = filter.Read();
        return read.Refusal is { } refusal
            ? refusal.Problem()
            : (await answers.ListAsync($"facets:{read.Value.Name}", (db, now, token) => db.CountFacetsAsync(read.Value, now, token), cancellation)).Answer();
    }
}
