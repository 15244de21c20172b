using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Worker.Mail;

/// <summary>Section <c>Shop</c>: by which clock the shop says what day it is. The storefront reads the same setting (<c>Frontend/lib/shop-time.ts</c>).</summary>
public sealed class ShopTime : IValidatableObject
{
    public const string Section = "Shop";

    /// <summary>IANA name: the only ones that browsers' and servers' JavaScript knows too.</summary>
    [Required]
    public string TimeZone { get; init; } = "Europe/Berlin";

    private TimeZoneInfo Zone => field ??= TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    /// <summary>The day that an instant is in, at the shop.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);

    /// <summary>The hour and minute of an instant, at the shop: <c>14:00</c>.</summary>
    public string HourOf(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) || !zone.HasIanaId)
            yield return new ValidationResult($"Shop:TimeZone={TimeZone} is no time zone; it takes an IANA name such as Europe/Berlin.");
    }
}
