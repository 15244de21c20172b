using Api.Staff;
using Commerce;
using Commerce.Accounts;
using Commerce.Catalog.Import;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Api.Catalog.Staff;

/// <summary><c>POST /admin/imports</c></summary>
public static class StartImport
{
    private const string Zip = "application/zip";

    /// <summary>Room for a form's own lines around the files.</summary>
    private const long MaxBody = ImportUpload.MaxFileBytes + (1024 * 1024);

    /// <summary>RFC 2046 allows 70; some clients take more.</summary>
    private const int MaxBoundary = 128;

    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/imports", HandleAsync)
        .WithName(nameof(StartImport)).WithTags("Staff")
        .WithSummary("Imports a product CSV in Shopify's format. Answers at once; the run tells how far it is. "
            + "The body is the CSV, or a zip with the CSV and its pictures, or a multipart form with such files. The column Image Src names a picture by its path beside the CSV, "
            + "by its address on the public internet, or by the hash of a picture the shop has already. An API key needs the scope stock:write too for a file with columns about stock.")
        .Accepts<IFormFile>("text/csv", Zip, "multipart/form-data").WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MaxBody))
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Accepted<ImportView>, ProblemHttpResult>> HandleAsync(StaffCall call, ImportDesk desk, HttpContext context, TimeProvider clock, CancellationToken cancellation)
    {
        var upload = new ImportUpload();
        var isAccepted = false;
        try
        {
            if (await FillAsync(upload, context.Request, cancellation) is { } bad) return bad.Problem();
            if (!context.User.MayWrite(StaffArea.Stock) && upload.FindStockColumns() is [_, ..] columns) return LacksStock(columns).Problem();
            var accepted = await desk.AcceptAsync(upload, call.Actor, call.Reason, cancellation);
            if (accepted.Refusal is { } refusal) return refusal.Problem();
            isAccepted = true;
            return TypedResults.Accepted($"/api/v1/admin/imports/{accepted.Value.Id}", ImportView.Of(accepted.Value, clock.GetUtcNow()));
        }
        finally
        {
            if (!isAccepted) upload.Dispose();
        }
    }

    private static Refusal LacksStock(IReadOnlyList<string> columns) =>
        new(AccountRefusals.Forbidden, $"The file is also about stock ({string.Join(", ", columns)}), for which this API key lacks the scope stock:write. Leave these columns out, or use a key that has it.")
        {
            Facts = new Dictionary<string, object?> { ["scope"] = "stock:write", ["columns"] = columns },
        };

    /// <summary>Streams: no file is held in memory.</summary>
    private static async Task<Refusal?> FillAsync(ImportUpload upload, HttpRequest request, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
            return await upload.AddAsync(request.Body, type?.MediaType.Value is Zip ? "products.zip" : "products.csv", cancellation);
        if (HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= MaxBoundary } boundary) throw new BadHttpRequestException($"The form has no boundary of at most {MaxBoundary} characters.");
        var reader = new MultipartReader(boundary, request.Body);
        while (await NextAsync(reader, cancellation) is { } section)
            if (section.AsFileSection() is { FileStream: { } file } part && await upload.AddAsync(file, part.FileName, cancellation) is { } refusal)
                return refusal;
        return null;
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellation);
        }
        catch (Exception error) when (error is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException($"The form cannot be read: {error.Message}");
        }
    }
}
