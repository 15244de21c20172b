using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Commerce.Catalog.Import;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Api.Catalog.Staff;

/// <summary><c>POST /admin/imports</c></summary>
public static class StartImport
{
    /// <summary>Room for a form's own lines around the file.</summary>
    private const long MaxBody = ImportDesk.MaxFileBytes + (1024 * 1024);

    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/imports", HandleAsync)
        .WithName(nameof(StartImport)).WithTags("Staff").WithSummary("Imports a product CSV in Shopify's format: as the body, or as a file of a multipart form. Answers at once; the run tells how far it is.")
        .Accepts<IFormFile>("text/csv", "multipart/form-data").WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MaxBody))
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Accepted<ImportView>, ProblemHttpResult>> HandleAsync(StaffCall call, ImportDesk desk, HttpContext context, TimeProvider clock, CancellationToken cancellation)
    {
        var (file, name) = await FileOfAsync(context.Request, cancellation);
        if (file is null) return new Refusal(CatalogRefusals.FileMissing, "The form has no file.").Problem();
        var accepted = await desk.AcceptAsync(file, name, call.Actor, call.Reason, cancellation);
        return accepted.Refusal is { } refusal
            ? refusal.Problem()
            : TypedResults.Accepted($"/api/v1/admin/imports/{accepted.Value.Id}", ImportView.Of(accepted.Value, clock.GetUtcNow()));
    }

    /// <summary>Streams: the file of a form is not held in memory.</summary>
    private static async Task<(Stream? File, string Name)> FileOfAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)) return (request.Body, "products.csv");
        var reader = new MultipartReader(HeaderUtilities.RemoveQuotes(type.Boundary).Value ?? throw new BadHttpRequestException("The form has no boundary."), request.Body);
        while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            if (section.AsFileSection() is { FileStream: { } file } part)
                return (file, part.FileName is { Length: > 0 } name ? name : "products.csv");
        return (null, "");
    }
}
