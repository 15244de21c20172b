using System.ComponentModel.DataAnnotations;

namespace Local.PagerDuty;

/// <summary>Settings of the emulator, section <c>PagerDuty</c> (environment: <c>PagerDuty__DataFolder</c> and so on).</summary>
public sealed class PagerDutyOptions
{
    public const string Section = "PagerDuty";

    /// <summary>Folder of the events' file; created if missing.</summary>
    [Required]
    public string DataFolder { get; set; } = "";

    /// <summary>The only integration key that is known; none: every well-formed one is.</summary>
    [RegularExpression("[A-Za-z0-9]{32}")]
    public string? RoutingKey { get; set; }
}
