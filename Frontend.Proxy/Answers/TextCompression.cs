using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace Frontend.Proxy.Answers;

/// <summary>Compresses text that a destination sent uncompressed. Streams stay streams: each piece is flushed as it comes.</summary>
public static class TextCompression
{
    // Pictures and fonts are compressed by their format.
    private static readonly string[] TextTypes =
        [.. ResponseCompressionDefaults.MimeTypes, "text/x-component", "application/problem+json", "application/manifest+json", "image/svg+xml"];

    /// <summary>Adds Brotli and gzip at their fastest: the edge has two cores and better things to do with them.</summary>
    public static void AddTextCompression(this IHostApplicationBuilder builder)
    {
        builder.Services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = TextTypes;
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
        });
        builder.Services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        builder.Services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
    }
}
