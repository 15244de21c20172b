using Microsoft.Extensions.Options;

namespace Frontend.Proxy.Media;

/// <summary>The pictures as they were imported. Read only.</summary>
public sealed class Masters(IOptions<MediaOptions> options)
{
    private static readonly string[] Extensions = ["jpg", "png", "webp"];

    /// <summary>The master's file, or null when no such picture was imported.</summary>
    public string? Find(string hash) =>
        Extensions
            .Select(extension => Path.Combine(options.Value.Folder, hash[..2], $"{hash}.{extension}"))
            .FirstOrDefault(File.Exists);
}
