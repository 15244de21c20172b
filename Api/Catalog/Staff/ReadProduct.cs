using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>GET /admin/products/{id}</c></summary>
public static class ReadProduct
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/products/{id:guid}", HandleAsync)
        .WithName(nameof(ReadProduct)).WithTags("Staff").WithSummary("A product in any state, with the ETag an edit needs.").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<StaffProduct>, ProblemHttpResult>> HandleAsync(Guid id, ShopDb db, HttpContext context, CancellationToken cancellation) =>
        await db.LoadProductAsync(id, cancellation) is { } product ? product.Answer(context) : Missing(id);

    internal static Ok<StaffProduct> Answer(this Product product, HttpContext context)
    {
        context.SetETag(product.Version);
        return TypedResults.Ok(StaffProduct.Of(product));
    }

    internal static ProblemHttpResult Missing(Guid id) => new Refusal(CatalogRefusals.ProductNotFound, $"There is no product {id}.").Problem();
}
