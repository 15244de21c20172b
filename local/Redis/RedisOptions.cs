using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Local.Redis;

/// <summary>Settings of the embedded server; configuration section <c>Redis</c>.</summary>
public sealed class RedisOptions
{
    public const string Section = "Redis";

    /// <summary>TCP port on 127.0.0.1 that the server listens on.</summary>
    [Range(1, 65535, ErrorMessage = "Redis:Port must be the TCP port to listen on (1-65535).")]
    public int Port { get; set; }

    /// <summary>Holds everything that must survive a restart. Created if missing.</summary>
    [Required(ErrorMessage = "Redis:DataFolder must name the folder that keeps the data.")]
    public string DataFolder { get; set; } = "";

    /// <summary>Password every client must give. May differ from one start to the next.</summary>
    [Required(ErrorMessage = "Redis:Password must be set.")]
    [RegularExpression("[^\\p{Cc},]{1,200}", ErrorMessage = "Redis:Password must have 1 to 200 characters, none of them a comma or a control character.")]
    public string Password { get; set; } = "";

    /// <summary>Writes reach the disk within a second. False is for throw-away test servers only: nothing survives their end.</summary>
    public bool Durable { get; set; } = true;
}

[OptionsValidator]
internal sealed partial class RedisOptionsValidator : IValidateOptions<RedisOptions>;
