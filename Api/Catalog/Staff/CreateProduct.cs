using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>POST /admin/products</c></summary>
public static class CreateProduct
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/products", HandleAsync)
        .WithName(nameof(CreateProduct)).WithTags("Staff").WithSummary("Makes a product: a draft without variants.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Created<StaffProduct>, ProblemHttpResult>> HandleAsync(
        ProductRequest request, StaffCall call, ShopDb db, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var product = new Product { Id = Guid.CreateVersion7(now), Slug = request.Slug, Title = request.Title, CreatedAt = now };
        if (product.SetOptions([.. (request.OptionNames ?? []).Select(name => new OptionText(name, null, null))]) is { } invalid) return invalid.Problem();
        if (await db.DescribeAsync(product, request.Text(), cancellation) is { } refusal) return refusal.Problem();
        db.Add(product);
        if (await db.SaveEditAsync(product, "catalogue.product-created", call.Actor, call.Reason, now, cancellation) is { } taken) return taken.Problem();
        return TypedResults.Created($"/api/v1/admin/products/{product.Id}", product.Answer(context).Value);
    }
}
