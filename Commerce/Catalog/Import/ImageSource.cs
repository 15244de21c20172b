using Commerce.Media;

namespace Commerce.Catalog.Import;

/// <summary>Fetches the pictures the file of one import names: from the folder beside the file, from the store of masters by its name there, or from an address.</summary>
internal sealed class ImageSource(string folder, MediaStore store, PublicHttp http)
{
    private const int MaxSilences = 3;
    private static readonly TimeSpan DownloadTime = TimeSpan.FromSeconds(30);

    /// <summary>How many times in a row a host has not answered.</summary>
    private readonly Dictionary<string, int> _silences = [];

    private readonly string? _root = folder == "" ? null : Path.GetFullPath(folder) + Path.DirectorySeparatorChar;

    public static bool IsAddress(string source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    /// <summary>A file in the folder may be another one than last time; an address is not fetched again.</summary>
    public bool MayHaveChanged(string source) => Find(source) is not null;

    /// <summary>The stored picture, or the reason why there is none.</summary>
    public async Task<(StoredImage? Image, string? Reason)> FetchAsync(string source, CancellationToken cancellation)
    {
        try
        {
            if (IsAddress(source)) return await DownloadAsync(source, cancellation);
            if (Find(source) is not { } file)
                return await store.FindAsync(source, cancellation) is { } kept ? (kept, null) : (null, $"There is no picture '{source}' in the folder of pictures.");
            if (file.Length > MediaStore.MaxBytes) return (null, $"'{source}' is larger than {MediaStore.MaxBytes / 1024 / 1024} MB.");
            return await KeepAsync(source, await File.ReadAllBytesAsync(file.FullName, cancellation), cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, $"'{source}' could not be fetched: {error.Message}");
        }
    }

    /// <summary>A host that does not answer is left alone for the rest of the run: thousands of pictures of it would hold up every import behind this one for days.</summary>
    private async Task<(StoredImage? Image, string? Reason)> DownloadAsync(string source, CancellationToken cancellation)
    {
        var address = new Uri(source);
        var silences = _silences.GetValueOrDefault(address.Authority);
        if (silences == MaxSilences) return (null, $"'{source}' was not asked for: {address.Authority} has not answered {MaxSilences} times in a row. Import the file again when it does.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(DownloadTime);
        _silences[address.Authority] = silences + 1;
        try
        {
            var bytes = await http.GetAsync(address, MediaStore.MaxBytes, patience.Token);
            _silences.Remove(address.Authority);
            return await KeepAsync(source, bytes, cancellation);
        }
        catch (HttpRequestException error)
        {
            // Unknown to the handler is what only an answer can be blamed for: its status, its type, its size.
            if (error.HttpRequestError == HttpRequestError.Unknown) _silences.Remove(address.Authority);
            return (null, $"'{source}' could not be fetched: {error.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"'{source}' could not be fetched within {DownloadTime.TotalSeconds} seconds.");
        }
    }

    private async Task<(StoredImage? Image, string? Reason)> KeepAsync(string source, byte[] bytes, CancellationToken cancellation) =>
        await store.KeepAsync(bytes, cancellation) is { } image ? (image, null) : (null, $"'{source}' is no PNG, JPEG or WebP picture.");

    /// <summary>The file in the folder; null when it is not there, or would lie outside.</summary>
    private FileInfo? Find(string source)
    {
        if (_root is null || IsAddress(source)) return null;
        var path = Path.GetFullPath(Path.Combine(_root, source.TrimStart('/')));
        return path.StartsWith(_root, StringComparison.Ordinal) && File.Exists(path) ? new FileInfo(path) : null;
    }
}
