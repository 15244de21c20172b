using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog;

/// <summary><c>GET /products</c></summary>
public static class ListProducts
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/products", HandleAsync)
        .WithName(nameof(ListProducts)).WithTags("Catalogue").WithSummary("Lists products on sale, page by page.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<CachedJson<ProductPage>, ProblemHttpResult>> HandleAsync(
        [AsParameters] ListFilter filter, CatalogAnswers answers, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 24,
        [StringLength(ProductListing.MaxCursorLength), Description("nextCursor of the page before.")] string? cursor = null,
        [Matches("featured|price|-price|title|newest"), Description("featured, price, -price, title or newest.")] string sort = "featured")
    {
        var read = filter.Read();
        if (read.Refusal is { } refusal) return refusal.Problem();
        var order = sort switch
        {
            "price" => ProductSort.Price,
            "-price" => ProductSort.PriceDescending,
            "title" => ProductSort.Title,
            "newest" => ProductSort.Newest,
            _ => ProductSort.Featured,
        };
        var query = new ProductQuery(limit, cursor, order) { Filter = read.Value };
        // An empty cursor goes by another name than none: who asks for the first page at that moment must not share its refusal.
        var after = cursor is null ? "" : $"|{cursor}";
        return (await answers.ListAsync($"products:{limit}|{sort}|{query.Filter.Name}{after}", (db, now, token) => db.ListProductsAsync(query, now, token), cancellation)).Answer();
    }
}
