using Commerce.Media;

namespace Commerce.Catalog.Import;

/// <summary>Fetches the pictures an import file names: from the folder beside the file, or from an address.</summary>
internal sealed class ImageSource(string folder, MediaStore store) : IDisposable
{
    private static readonly TimeSpan DownloadTime = TimeSpan.FromSeconds(30);

    private readonly string _root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
    private readonly HttpClient _http = new() { Timeout = DownloadTime, MaxResponseContentBufferSize = MediaStore.MaxBytes };

    public static bool IsAddress(string source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    /// <summary>The stored picture, or the reason why there is none.</summary>
    public async Task<(StoredImage? Image, string? Reason)> FetchAsync(string source, CancellationToken cancellation)
    {
        try
        {
            var file = Find(source);
            if (file is null && !IsAddress(source)) return (null, $"There is no picture '{source}' in the folder of pictures.");
            if (file?.Length > MediaStore.MaxBytes) return (null, $"'{source}' is larger than {MediaStore.MaxBytes / 1024 / 1024} MB.");
            var bytes = file is not null
                ? await File.ReadAllBytesAsync(file.FullName, cancellation)
                : await _http.GetByteArrayAsync(new Uri(source), cancellation);
            return await store.KeepAsync(bytes, cancellation) is { } image ? (image, null) : (null, $"'{source}' is no PNG, JPEG or WebP picture.");
        }
        catch (HttpRequestException error)
        {
            return (null, $"'{source}' could not be fetched: {error.Message}");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"'{source}' could not be fetched within {DownloadTime.TotalSeconds} seconds.");
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The file in the folder; null when it is not there, or would lie outside.</summary>
    private FileInfo? Find(string source)
    {
        if (IsAddress(source)) return null;
        var path = Path.GetFullPath(Path.Combine(_root, source.TrimStart('/')));
        return path.StartsWith(_root, StringComparison.Ordinal) && File.Exists(path) ? new FileInfo(path) : null;
    }
}
