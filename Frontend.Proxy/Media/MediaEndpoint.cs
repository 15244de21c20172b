using Frontend.Proxy.Answers;
using Microsoft.Net.Http.Headers;

namespace Frontend.Proxy.Media;

/// <summary><c>GET|HEAD /media/{hash}/{width}.{ext}</c>: product pictures, sized and encoded on demand.</summary>
public static class MediaEndpoint
{
    private const string ForEver = "public, max-age=31536000, immutable";
    private static readonly TimeSpan TryAgainIn = TimeSpan.FromSeconds(3);

    /// <summary>Adds the resizer and its cache; the options are validated at start.</summary>
    public static void AddMedia(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<MediaOptions>().BindConfiguration("Media").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<Masters>();
        builder.Services.AddSingleton<Resizer>();
        builder.Services.AddSingleton<DerivedPictures>();
        builder.Services.AddSingleton<CacheBudget>();
        builder.Services.AddHostedService(services => services.GetRequiredService<CacheBudget>());
    }

    /// <summary>Maps everything under /media, so that nothing of it falls through to the storefront.</summary>
    public static void MapMedia(this IEndpointRouteBuilder app) => app.Map("/media/{**path}", AnswerAsync);

    private static async Task AnswerAsync(HttpContext context, string? path, Masters masters, DerivedPictures pictures, ILogger<DerivedPictures> log)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            await new EdgeProblem(405, "media.read-only", "Pictures can only be read", "Use GET or HEAD.").WriteAsync(context);
            return;
        }

        var parts = (path ?? "").Split('/');
        if (parts.Length != 2 || !Derivative.IsHash(parts[0]))
        {
            await NotThere("A picture's address is /media/{hash}/{width}.{format}, the hash being 64 lower-case hexadecimal digits.").WriteAsync(context);
            return;
        }

        if (Derivative.Parse(parts[0], parts[1]) is not { } wanted)
        {
            await NotOffered(parts[1]).WriteAsync(context);
            return;
        }

        if (masters.Find(wanted.Hash) is not { } master)
        {
            await NotThere("No picture with this hash was ever imported.").WriteAsync(context);
            return;
        }

        FileStream? opened;
        try
        {
            opened = await pictures.OpenAsync(master, wanted, context.RequestAborted);
        }
        catch (UnreadableMasterException unreadable)
        {
            log.LogWarning("{Problem}", unreadable.Message);
            await Unreadable.WriteAsync(context);
            return;
        }

        if (opened is not { } stream)
        {
            await Overwhelmed.WriteAsync(context);
            return;
        }

        context.Response.Headers.CacheControl = ForEver;
        // The result closes the stream and knows conditional requests, HEAD and ranges.
        await TypedResults.Stream(stream, wanted.ContentType, entityTag: EntityTagHeaderValue.Parse(wanted.ETag), enableRangeProcessing: true)
            .ExecuteAsync(context);
    }

    private static EdgeProblem NotThere(string detail) => new(404, "media.not-found", "There is no such picture", detail);

    private static EdgeProblem NotOffered(string asked) =>
        new(404, "media.size-not-offered", "Not a size or format we serve",
            $"'{asked}' is not on offer. Widths: {string.Join(", ", Derivative.Widths)}. Formats: {string.Join(", ", Derivative.ContentTypes.Keys)}.")
        {
            More = new Dictionary<string, object?> { ["widths"] = Derivative.Widths, ["formats"] = Derivative.ContentTypes.Keys },
        };

    private static EdgeProblem Unreadable =>
        new(422, "media.unreadable", "The picture cannot be shown", "The file that was stored as this picture is broken or no picture; upload it again.");

    private static EdgeProblem Overwhelmed =>
        new(503, "media.busy", "Too many pictures at once", "More new picture sizes were asked for than can be made at the moment.") { RetryAfter = TryAgainIn };
}
