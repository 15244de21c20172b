using Commerce.Media;

namespace Commerce.Catalog.Import;

/// <summary>Fetches the pictures an import file names: from the folder beside the file, from the store of masters by its name there, or from an address.</summary>
internal sealed class ImageSource(string folder, MediaStore store, PublicHttp http)
{
    private static readonly TimeSpan DownloadTime = TimeSpan.FromSeconds(30);

    private readonly string? _root = folder == "" ? null : Path.GetFullPath(folder) + Path.DirectorySeparatorChar;

    public static bool IsAddress(string source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    /// <summary>A file in the folder may be another one than last time; an address is not fetched again.</summary>
    public bool MayHaveChanged(string source) => Find(source) is not null;

    /// <summary>The stored picture, or the reason why there is none.</summary>
    public async Task<(StoredImage? Image, string? Reason)> FetchAsync(string source, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(DownloadTime);
        try
        {
            var file = Find(source);
            if (file is null && !IsAddress(source))
                return await store.FindAsync(source, cancellation) is { } kept ? (kept, null) : (null, $"There is no picture '{source}' in the folder of pictures.");
            if (file?.Length > MediaStore.MaxBytes) return (null, $"'{source}' is larger than {MediaStore.MaxBytes / 1024 / 1024} MB.");
            var bytes = file is not null
                ? await File.ReadAllBytesAsync(file.FullName, cancellation)
                : await http.GetAsync(new Uri(source), MediaStore.MaxBytes, patience.Token);
            return await store.KeepAsync(bytes, cancellation) is { } image ? (image, null) : (null, $"'{source}' is no PNG, JPEG or WebP picture.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            return (null, $"'{source}' could not be fetched: {error.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"'{source}' could not be fetched within {DownloadTime.TotalSeconds} seconds.");
        }
    }

    /// <summary>The file in the folder; null when it is not there, or would lie outside.</summary>
    private FileInfo? Find(string source)
    {
        if (_root is null || IsAddress(source)) return null;
        var path = Path.GetFullPath(Path.Combine(_root, source.TrimStart('/')));
        return path.StartsWith(_root, StringComparison.Ordinal) && File.Exists(path) ? new FileInfo(path) : null;
    }
}
