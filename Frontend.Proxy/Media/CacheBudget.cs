using Microsoft.Extensions.Options;

namespace Frontend.Proxy.Media;

/// <summary>Keeps the cache of derived pictures under <see cref="MediaOptions.CacheLimitMegabytes"/>: beyond it the oldest files go until a tenth is free.</summary>
public sealed class CacheBudget(IOptions<MediaOptions> options, ILogger<CacheBudget> logger) : IHostedService
{
    /// <summary>How unfinished files end; what a killed process left of them is removed at the next start.</summary>
    public const string UnfinishedSuffix = ".part";

    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromMinutes(10);

    private readonly Lock _evicting = new();
    private long _bytes;

    private long LimitBytes => options.Value.CacheLimitMegabytes * 1024L * 1024L;

    /// <summary>Counts what is there.</summary>
    /// <exception cref="InvalidOperationException">The cache folder cannot be written.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var folder = options.Value.CacheFolder;
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $"writable{UnfinishedSuffix}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"Media__CacheFolder ('{folder}') cannot be written: {refused.Message}", refused);
        }

        foreach (var file in Files())
        {
            if (file.Name.EndsWith(UnfinishedSuffix, StringComparison.Ordinal) && DateTime.UtcNow - file.LastWriteTimeUtc > AbandonedAfter)
                file.Delete();
        }

        EvictBeyondLimit();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Counts a new file, and makes room when the limit is passed.</summary>
    public void Added(FileInfo file)
    {
        if (Interlocked.Add(ref _bytes, file.Length) > LimitBytes)
            EvictBeyondLimit();
    }

    private void EvictBeyondLimit()
    {
        lock (_evicting)
        {
            var files = Files().OrderBy(file => file.LastWriteTimeUtc).ToList();
            var bytes = files.Sum(file => file.Length);
            var evicted = 0;
            if (bytes > LimitBytes)
            {
                foreach (var file in files.TakeWhile(_ => bytes > LimitBytes / 10 * 9))
                {
                    bytes -= file.Length;
                    file.Delete();
                    evicted++;
                }

                logger.LogInformation("Evicted the {Count} oldest derived pictures; {Megabytes} MB are left.", evicted, bytes / 1024 / 1024);
            }

            Interlocked.Exchange(ref _bytes, bytes);
        }
    }

    private IEnumerable<FileInfo> Files() =>
        new DirectoryInfo(options.Value.CacheFolder).EnumerateFiles("*", SearchOption.AllDirectories);
}
