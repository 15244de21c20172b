using System.ComponentModel.DataAnnotations;

namespace Frontend.Proxy.Media;

/// <summary>Where pictures come from and where derived sizes are kept. Section <c>Media</c>.</summary>
public sealed class MediaOptions
{
    /// <summary>Folder of the masters, <c>{hash[0..2]}/{hash}.{jpg|png|webp}</c>; the importer writes them, the edge only reads.</summary>
    [Required(ErrorMessage = "Media__Folder is missing: the folder the importer writes picture masters to.")]
    public string Folder { get; set; } = "";

    /// <summary>Folder of derived sizes. It may be deleted at any time; everything in it can be derived again.</summary>
    [Required(ErrorMessage = "Media__CacheFolder is missing: a writable folder for derived picture sizes.")]
    public string CacheFolder { get; set; } = "";

    /// <summary>How much derived sizes may occupy; beyond it the oldest go. A shop of 200 products in all sizes and formats takes about 0.8 GB.</summary>
    [Range(1, 1_000_000)]
    public int CacheLimitMegabytes { get; set; } = 2048;

    /// <summary>How many requests may wait for the resizer before it answers 503.</summary>
    [Range(0, 10_000)]
    public int QueueLimit { get; set; } = 256;
}
