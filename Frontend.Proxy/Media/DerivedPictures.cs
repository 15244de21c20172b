using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Frontend.Proxy.Media;

/// <summary>
/// The cache of derived pictures: each is made once however many ask at the same time, and appears whole
/// or not at all (written beside its place, then renamed).
/// </summary>
public sealed class DerivedPictures(IOptions<MediaOptions> options, Resizer resizer, CacheBudget budget)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<bool>>> _inTheMaking = new();

    /// <summary>The derivative, open for reading; null when the resizer is overwhelmed. The caller closes it.</summary>
    /// <exception cref="UnreadableMasterException">The master cannot be read.</exception>
    public async Task<FileStream?> OpenAsync(string master, Derivative wanted, CancellationToken cancellation)
    {
        var file = Path.Combine(options.Value.CacheFolder, wanted.CachePath);
        while (true)
        {
            // The budget may delete a file between any two lines; then it is simply made again.
            if (OpenIfThere(file) is { } stream)
                return stream;

            var making = _inTheMaking.GetOrAdd(file, key => new Lazy<Task<bool>>(() => MakeAsync(master, wanted, key)));
            if (!await making.Value.WaitAsync(cancellation))
                return null;
        }
    }

    private static FileStream? OpenIfThere(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private async Task<bool> MakeAsync(string master, Derivative wanted, string file)
    {
        // The maker does not stop when its caller goes away: others wait for the same file.
        await Task.Yield();
        var unfinished = $"{file}.{Guid.NewGuid():n}{CacheBudget.UnfinishedSuffix}";
        try
        {
            // A reader may have come between the last maker's rename and its leaving.
            if (File.Exists(file))
                return true;
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            if (!await resizer.TryWriteAsync(master, wanted, unfinished))
                return false;
            File.Move(unfinished, file, overwrite: true);
            budget.Added(new FileInfo(file));
            return true;
        }
        finally
        {
            File.Delete(unfinished);
            _inTheMaking.TryRemove(file, out _);
        }
    }
}
