using System.IO.Compression;
using System.Text;
using Commerce.Media;

namespace Commerce.Catalog.Import;

/// <summary>
/// What was sent to be imported, on disk until it is done: a product CSV and the pictures it names, as files or together in a zip. Pictures are
/// found by their path beside the CSV.
/// </summary>
public sealed class ImportUpload : IDisposable
{
    /// <summary>Bytes of one file, packed or not; larger ones are refused.</summary>
    public const long MaxFileBytes = 200L * 1024 * 1024;

    /// <summary>Bytes and files of a whole upload, unpacked.</summary>
    private const long MaxBytes = 2L * 1024 * 1024 * 1024;
    private const int MaxFiles = 50_000;

    /// <summary>What file systems take for one part of a path.</summary>
    private const int MaxPartBytes = 255;

    /// <summary>Well below what they take for a whole path, of which the upload's folder is a part.</summary>
    private const int MaxNameBytes = 1024;

    private readonly string _folder = Directory.CreateTempSubdirectory("import-").FullName;
    private long _bytes;
    private int _files;

    /// <summary>The file to import; null while none has come.</summary>
    public string? Csv { get; private set; }

    /// <summary>Where pictures lie.</summary>
    public string ImagesFolder => Csv is null ? _folder : Path.GetDirectoryName(Csv)!;

    /// <summary>What it is called in the list of imports.</summary>
    public string Name { get; private set; } = "products.csv";

    /// <summary>Keeps a file under its name: a .zip is unpacked, the one .csv is what is imported, all else may be a picture.</summary>
    public async Task<Refusal?> AddAsync(Stream file, string name, CancellationToken cancellation)
    {
        if (RefuseName(name) is { } refusal) return refusal;
        if (Path.GetExtension(name).Equals(".zip", StringComparison.OrdinalIgnoreCase)) return await UnpackAsync(file, name, cancellation);
        if (Csv is null && IsCsv(name)) Name = Path.GetFileName(name);
        return await KeepAsync(file, name, cancellation);
    }

    /// <summary>Columns of the file that are about stock; none when it cannot be read, which its import will say.</summary>
    public IReadOnlyList<string> FindStockColumns()
    {
        if (Csv is null) return [];
        try
        {
            using var file = new ShopifyFile(Csv, new ImportReport());
            return [.. file.Header.StockColumns];
        }
        catch (ImportFileException)
        {
            return [];
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<Refusal?> UnpackAsync(Stream file, string name, CancellationToken cancellation)
    {
        // The list of a zip's files stands at its end, so all of it has to be here.
        await using var packed = new FileStream(Path.Combine(_folder, $".{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);
        if (await CopyAsync(file, packed, cancellation) is { } tooLarge) return tooLarge;
        packed.Position = 0;
        try
        {
            using var archive = new ZipArchive(packed, ZipArchiveMode.Read);
            // macOS adds shadows of files, with names that begin with a dot.
            var entries = archive.Entries.Where(e => e.Name != "" && e.Name[0] != '.').OrderBy(e => !IsCsv(e.Name)).ToList();
            foreach (var entry in entries.Where(e => IsCsv(e.Name) || e.Length <= MediaStore.MaxBytes))
            {
                await using var content = await entry.OpenAsync(cancellation);
                if (await KeepAsync(content, entry.FullName.Replace('\\', '/'), cancellation) is { } refusal) return refusal;
            }
        }
        catch (InvalidDataException error)
        {
            return new Refusal(CatalogRefusals.ArchiveInvalid, $"'{Path.GetFileName(name)}' is no zip file that can be read: {error.Message}");
        }
        if (Csv is not null) Name = Path.GetFileName(name);
        return null;
    }

    private async Task<Refusal?> KeepAsync(Stream file, string name, CancellationToken cancellation)
    {
        if (RefuseName(name) is { } refusal) return refusal;
        var path = Path.GetFullPath(Path.Combine(_folder, name.TrimStart('/')));
        if (!path.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return new Refusal(CatalogRefusals.ArchiveInvalid, $"'{name}' would lie outside of the upload.");
        if (++_files > MaxFiles) return new Refusal(CatalogRefusals.ArchiveInvalid, $"An upload has at most {MaxFiles} files.");
        if (Directory.Exists(path) || Above(path).Any(File.Exists)) return new Refusal(CatalogRefusals.ArchiveInvalid, $"'{name}' is there twice.");
        if (IsCsv(name) && Csv is not null)
            return new Refusal(CatalogRefusals.ArchiveInvalid, $"An upload has one product file, this one '{Path.GetRelativePath(_folder, Csv)}' and '{Path.GetRelativePath(_folder, path)}': send each by itself.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using (var target = File.Create(path))
            if (await CopyAsync(file, target, cancellation) is { } tooLarge) return tooLarge;
        if (IsCsv(name)) Csv = path;
        return null;
    }

    /// <summary>Counts what really comes, not what a header says.</summary>
    private async Task<Refusal?> CopyAsync(Stream from, Stream to, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            int read;
            try
            {
                if ((read = await from.ReadAsync(buffer, cancellation)) == 0) return null;
            }
            catch (IOException error) when (error.GetType() == typeof(IOException)) // a form that ends within a file; what is more exact is known further up
            {
                return new Refusal(CatalogRefusals.UploadBroken, $"The upload ends within a file: {error.Message}");
            }
            if (to.Position + read > MaxFileBytes) return new Refusal(CatalogRefusals.FileTooLarge, $"An import file has at most {MaxFileBytes / 1024 / 1024} MB.");
            if ((_bytes += read) > MaxBytes) return new Refusal(CatalogRefusals.FileTooLarge, $"An upload has at most {MaxBytes / 1024 / 1024} MB, unpacked.");
            await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
    }

    private static Refusal? RefuseName(string name) => name.Contains('\0') || Encoding.UTF8.GetByteCount(name) > MaxNameBytes || name.Split('/').Any(part => Encoding.UTF8.GetByteCount(part) > MaxPartBytes)
        ? new Refusal(CatalogRefusals.ArchiveInvalid, "The name of a file is too long, or no name.")
        : null;

    /// <summary>The path itself, and every folder above it within the upload.</summary>
    private IEnumerable<string> Above(string path)
    {
        for (var at = path; at.Length > _folder.Length; at = Path.GetDirectoryName(at)!) yield return at;
    }

    private static bool IsCsv(string name) => Path.GetExtension(name).Equals(".csv", StringComparison.OrdinalIgnoreCase);
}
