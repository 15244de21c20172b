using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary>The whole gallery in the order wanted.</summary>
public sealed record GalleryRequest([property: Required, MinLength(1), MaxLength(250)] IReadOnlyList<GalleryPictureRequest> Pictures);

/// <summary>A picture of the product, and what it shows, for those who do not see it.</summary>
public sealed record GalleryPictureRequest(Guid Id, [property: Required, StringLength(CatalogLimits.PictureText, MinimumLength = 1)] string Alt);

/// <summary><c>PUT /admin/products/{id}/pictures</c></summary>
public static class ArrangePictures
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPut("/products/{id:guid}/pictures", HandleAsync)
        .WithName(nameof(ArrangePictures)).WithTags("Staff").WithSummary("Sets the order and the alt texts of the pictures; names each of them once. The first is the one in lists.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<StaffProduct>, ProblemHttpResult>> HandleAsync(
        Guid id, GalleryRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        if (await db.LoadProductAsync(id, cancellation) is not { } product) return ReadProduct.Missing(id);
        if (ifMatch.Refuses(product.Version) is { } changed) return changed;
        if (product.Arrange([.. request.Pictures.Select(p => new GalleryPicture(p.Id, p.Alt))]) is { } refusal) return refusal.Problem();
        if (await db.SaveEditAsync(product, "catalogue.pictures-arranged", call.Actor, call.Reason, clock.GetUtcNow(), cancellation) is { } lost) return lost.Problem();
        return product.Answer(context);
    }
}
