using NetVips;

namespace Commerce.Media;

/// <summary>Decodes pictures as the edge will do it, so that what it could not show is refused when it comes.</summary>
internal static class PictureDecoder
{
    /// <summary>A progressive JPEG is in memory as a whole while it is decoded.</summary>
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    static PictureDecoder()
    {
        // What is wrong with a stranger's file is an answer to them, no line on our standard error.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Cache.MaxMem = 0;
        Cache.MaxFiles = 0;
    }

    /// <summary>Whether every pixel can be read.</summary>
    public static async Task<bool> CanDecodeAsync(ReadOnlyMemory<byte> file, CancellationToken cancellation)
    {
        await OneAtATime.WaitAsync(cancellation);
        try
        {
            // Up to seconds of computing have no business on the pool's threads.
            return await Task.Factory.StartNew(() => CanDecode(file.ToArray()), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    private static bool CanDecode(byte[] file)
    {
        try
        {
            // Of a JPEG every coefficient is read and an eighth of the pixels made of them: a third of the time.
            using var picture = Image.NewFromBuffer(file, file is [0xFF, 0xD8, ..] ? "shrink=8" : "", access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
            picture.Avg(); // asks for every pixel
            return true;
        }
        catch (VipsException)
        {
            return false;
        }
    }
}
