using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>DELETE /admin/products/{id}/pictures/{pictureId}</c></summary>
public static class RemovePicture
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapDelete("/products/{id:guid}/pictures/{pictureId:guid}", HandleAsync)
        .WithName(nameof(RemovePicture)).WithTags("Staff").WithSummary("Takes a picture out of the gallery; variants that showed it show the first one. Orders and mails keep showing it.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<StaffProduct>, ProblemHttpResult>> HandleAsync(
        Guid id, Guid pictureId, IfMatch ifMatch, StaffCall call, ShopDb db, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        if (await db.LoadProductAsync(id, cancellation) is not { } product) return ReadProduct.Missing(id);
        if (ifMatch.Refuses(product.Version) is { } changed) return changed;
        if (product.RemovePicture(pictureId) is { } refusal) return refusal.Problem();
        if (await db.SaveEditAsync(product, "catalogue.picture-removed", call.Actor, call.Reason, clock.GetUtcNow(), cancellation) is { } lost) return lost.Problem();
        return product.Answer(context);
    }
}
