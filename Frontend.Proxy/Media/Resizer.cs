using System.Diagnostics;
using System.Threading.RateLimiting;
using Frontend.Proxy.Routes;
using Microsoft.Extensions.Options;
using NetVips;

namespace Frontend.Proxy.Media;

/// <summary>Makes one derivative of a master. A few at a time, one thread each; the rest queue up to a limit.</summary>
public sealed class Resizer : IDisposable
{
    // Measured on 2 cores at 1600 x 2000: AVIF effort 0 0.2 s, 1 0.3 s, 2 0.4 s, 4 (the default) 5-20 s, for 3 % fewer bytes from 0 to 2.
    private const int AvifEffort = 2;
    private const int AvifQuality = 58;
    private const int WebpEffort = 2;
    private const int WebpQuality = 80;
    private const int JpegQuality = 82;
    private const int AnyHeight = 20_000;

    private readonly ConcurrencyLimiter _places;

    static Resizer()
    {
        NativeMemory.ReturnToSystem();
        // One picture is one thread, and libvips remembers nothing: memory is bounded by the places below.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Cache.MaxMem = 0;
        Cache.MaxFiles = 0;
    }

    /// <summary>As many places as there are cores.</summary>
    public Resizer(IOptions<MediaOptions> options) =>
        _places = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = Environment.ProcessorCount,
            QueueLimit = options.Value.QueueLimit,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });

    /// <summary>Writes the derivative to a file. False when too many wait already; nothing was written then.</summary>
    /// <exception cref="UnreadableMasterException">The master is no picture libvips can read, or broken.</exception>
    public async Task<bool> TryWriteAsync(string master, Derivative wanted, string file)
    {
        using var place = await _places.AcquireAsync();
        if (!place.IsAcquired)
            return false;

        // Seconds of computing have no business on the pool's threads.
        await Task.Factory.StartNew(() => WriteOrExplain(master, wanted, file), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return true;
    }

    /// <inheritdoc />
    public void Dispose() => _places.Dispose();

    /// <summary>A picture is decoded while it is written: whether it was the master or the disk shows only by decoding it alone.</summary>
    private static void WriteOrExplain(string master, Derivative wanted, string file)
    {
        try
        {
            Write(master, wanted, file);
        }
        catch (VipsException error)
        {
            if (CanDecode(master)) throw;
            throw new UnreadableMasterException(wanted.Hash, error);
        }
    }

    private static bool CanDecode(string master)
    {
        try
        {
            using var picture = Image.NewFromFile(master, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
            picture.Avg();
            return true;
        }
        catch (VipsException)
        {
            return false;
        }
    }

    private static void Write(string master, Derivative wanted, string file)
    {
        using var span = EdgeTrace.Spans.StartActivity($"resize {wanted.Extension}");
        span?.SetTag("media.hash", wanted.Hash).SetTag("media.width", wanted.Width);

        // Colours become sRGB and the profile is dropped, as is everything a camera wrote.
        using var picture = Image.Thumbnail(master, wanted.Width, AnyHeight, Enums.Size.Down, outputProfile: "srgb", failOn: Enums.FailOn.Error);
        switch (wanted.Extension)
        {
            case "avif":
                picture.Heifsave(file, AvifQuality, bitdepth: 8, compression: Enums.ForeignHeifCompression.Av1, effort: AvifEffort, keep: Enums.ForeignKeep.None);
                break;
            case "webp":
                picture.Webpsave(file, WebpQuality, effort: WebpEffort, keep: Enums.ForeignKeep.None);
                break;
            case "jpg":
                picture.Jpegsave(file, JpegQuality, optimizeCoding: true, interlace: true, background: [255, 255, 255], keep: Enums.ForeignKeep.None);
                break;
            default:
                throw new UnreachableException($"{wanted.Extension} is on offer but has no encoder.");
        }

        span?.SetTag("media.bytes", new FileInfo(file).Length);
    }
}

/// <summary>A file in the store of masters is no picture that can be decoded.</summary>
public sealed class UnreadableMasterException(string hash, VipsException cause) : Exception($"The master {hash} cannot be decoded: {cause.Message}", cause);
