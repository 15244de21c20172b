namespace Aspire.StackExchange.Redis;

/// <summary>How Redis is connected; read from <c>Aspire:StackExchange:Redis</c>.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>The connection string; <c>ConnectionStrings:NAME</c> wins over the section's.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Leaves out the health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Leaves out the spans of commands. This subset makes none: the package that does is not on every registry.</summary>
    public bool DisableTracing { get; set; }
}
