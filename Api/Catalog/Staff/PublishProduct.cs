using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary>When a product is on sale; null takes it out.</summary>
public sealed record PublicationRequest(DateTimeOffset? From = null, bool Archived = false);

/// <summary><c>PUT /admin/products/{id}/publication</c></summary>
public static class PublishProduct
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPut("/products/{id:guid}/publication", HandleAsync)
        .WithName(nameof(PublishProduct)).WithTags("Staff").WithSummary("Puts a product on sale from a moment on, makes it a draft, or archives it.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<StaffProduct>, ProblemHttpResult>> HandleAsync(
        Guid id, PublicationRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        if (await db.LoadProductAsync(id, cancellation) is not { } product) return ReadProduct.Missing(id);
        if (ifMatch.Refuses(product.Version) is { } changed) return changed;
        if (request.Archived) product.Archive(clock.GetUtcNow());
        else if (request.From is { } from) product.Publish(from.ToUniversalTime());
        else product.Unpublish();
        var action = request.Archived ? "catalogue.product-archived" : request.From is null ? "catalogue.product-unpublished" : "catalogue.product-published";
        if (await db.SaveEditAsync(product, action, call.Actor, call.Reason, clock.GetUtcNow(), cancellation) is { } refusal) return refusal.Problem();
        return product.Answer(context);
    }
}
