using System.ComponentModel.DataAnnotations;

namespace Worker.Watchdog;

/// <summary>Section <c>PagerDuty</c>.</summary>
public sealed class PagerDutyOptions
{
    public const string Section = "PagerDuty";

    /// <summary>Integration key of an Events API v2 integration; null: nobody is on call.</summary>
    [RegularExpression("[A-Za-z0-9]{32}")]
    public string? RoutingKey { get; init; }

    [Required, Url]
    public string ApiBase { get; init; } = "https://events.pagerduty.com";
}
