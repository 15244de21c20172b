using System.ComponentModel.DataAnnotations;

namespace Commerce.Catalog.Caching;

/// <summary>Configuration section <c>Catalog:Cache</c>.</summary>
public sealed class CatalogCacheOptions
{
    /// <summary>Longest life of an answer, in memory and in Redis alike: losing Redis makes no node ask more often than once in this time.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a node looks for changes when nobody tells it of one; what a change of stock takes to be seen.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Look { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long one node may take to load an answer before others do so themselves.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan LoadTime { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long Redis may take to answer before a node does without it for a while.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Bytes of answers that a node shares through Redis in a minute. What is beyond stays with the node that loaded it: whoever asks for ever other lists cannot fill
    /// the Redis that holds the sessions too, for it holds at most this times the minutes of <see cref="Lifetime"/> for each node.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long SharedBytesPerMinute { get; set; } = 16 * 1024 * 1024;

    /// <summary>Memory for answers in each node, in bytes.</summary>
    [Range(1, long.MaxValue)]
    public long MemoryBytes { get; set; } = 64 * 1024 * 1024;
}
