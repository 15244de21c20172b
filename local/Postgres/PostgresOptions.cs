using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Local.Postgres;

/// <summary>Settings of the embedded server; configuration section <c>Postgres</c>.</summary>
public sealed class PostgresOptions
{
    public const string Section = "Postgres";

    /// <summary>The superuser every connection string names.</summary>
    public const string Superuser = "postgres";

    /// <summary>TCP port on 127.0.0.1 that the server listens on.</summary>
    [Range(1, 65535, ErrorMessage = "Postgres:Port must be the TCP port to listen on (1-65535).")]
    public int Port { get; set; }

    /// <summary>Holds everything that must survive a restart. Created if missing.</summary>
    [Required(ErrorMessage = "Postgres:DataFolder must name the folder that keeps the data.")]
    public string DataFolder { get; set; } = "";

    /// <summary>Where npm packages are unpacked; may be shared with other programs.</summary>
    [Required(ErrorMessage = "Postgres:BinariesFolder must name the folder that npm packages are unpacked to.")]
    public string BinariesFolder { get; set; } = "";

    /// <summary>Password of the superuser. May differ from one start to the next.</summary>
    [Required(ErrorMessage = "Postgres:Password must be set.")]
    [RegularExpression("[^\\p{Cc}]{1,200}", ErrorMessage = "Postgres:Password must have 1 to 200 characters and no control characters.")]
    public string Password { get; set; } = "";

    /// <summary>Database that is created when it is missing.</summary>
    [RegularExpression("[a-z_][a-z0-9_]{0,62}", ErrorMessage = "Postgres:Database must be a lower-case SQL name.")]
    public string Database { get; set; } = "shop";

    /// <summary>Operating-system account of the server when the launcher runs as root, which PostgreSQL refuses.</summary>
    [Required]
    public string ServerUser { get; set; } = "nobody";

    /// <summary>Most clients at once.</summary>
    [Range(10, 5000, ErrorMessage = "Postgres:MaxConnections must be between 10 and 5000.")]
    public int MaxConnections { get; set; } = 200;

    /// <summary>Every commit is flushed to disk. False is for throw-away test servers only: a crash of the machine then loses data.</summary>
    public bool Durable { get; set; } = true;
}

[OptionsValidator]
internal sealed partial class PostgresOptionsValidator : IValidateOptions<PostgresOptions>;
