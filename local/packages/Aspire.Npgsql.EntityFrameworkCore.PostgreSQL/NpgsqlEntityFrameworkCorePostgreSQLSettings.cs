namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>How a database context is connected; read from <c>Aspire:Npgsql:EntityFrameworkCore:PostgreSQL</c>.</summary>
public class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    /// <summary>The connection string; <c>ConnectionStrings:NAME</c> wins over the section's.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Leaves out the retries after transient failures.</summary>
    public bool DisableRetry { get; set; }

    /// <summary>Leaves out the health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Leaves out the spans of SQL commands.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Leaves out the driver's metrics.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Seconds a command may take; the driver's default when null.</summary>
    public int? CommandTimeout { get; set; }
}
