using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Commerce.Media;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary><c>POST /admin/products/{id}/pictures</c></summary>
public static class AddPicture
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/products/{id:guid}/pictures", HandleAsync)
        .WithName(nameof(AddPicture)).WithTags("Staff").WithSummary("Adds a PNG, JPEG or WebP picture; the body is the file.")
        .Accepts<IFormFile>("image/png", "image/jpeg", "image/webp")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<StaffProduct>, ProblemHttpResult>> HandleAsync(
        Guid id, IfMatch ifMatch, StaffCall call, ShopDb db, MediaStore media, TimeProvider clock, HttpContext context, CancellationToken cancellation,
        [StringLength(CatalogLimits.PictureText, MinimumLength = 1), Description("What the picture shows, for those who do not see it.")] string alt)
    {
        if (await db.LoadProductAsync(id, cancellation) is not { } product) return ReadProduct.Missing(id);
        if (ifMatch.Refuses(product.Version) is { } changed) return changed;
        using var file = new MemoryStream();
        await context.Request.Body.CopyToAsync(file, cancellation); // Kestrel's limit on bodies is above MediaStore's, and small enough for memory
        if (file.Length > MediaStore.MaxBytes || await media.KeepAsync(file.ToArray(), cancellation) is not { } stored)
            return new Refusal(CatalogRefusals.PictureInvalid, $"The body is no PNG, JPEG or WebP picture of at most {MediaStore.MaxBytes / 1024 / 1024} MB.").Problem();
        var picture = new ProductImage
        {
            Id = Guid.CreateVersion7(),
            ProductId = product.Id,
            Position = product.Images.Count + 1,
            Hash = stored.Hash,
            Alt = alt,
            Width = stored.Width,
            Height = stored.Height,
            Source = Path.GetFileName(media.PathOf(stored.Hash))!,
        };
        product.Images.Add(picture);
        db.Add(picture);
        if (await db.SaveEditAsync(product, "catalogue.picture-added", call.Actor, call.Reason, clock.GetUtcNow(), cancellation) is { } refusal) return refusal.Problem();
        return product.Answer(context);
    }
}
