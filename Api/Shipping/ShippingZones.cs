using System.ComponentModel.DataAnnotations;
using Api.Document;
using Api.Staff;
using Commerce;
using Commerce.Shipping;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Shipping;

/// <summary>
/// All zones of the shop: what is not in it is served no more. A country without a VAT rate is sold to at 0 %, as an export; one that was in no zone before is taken in
/// only if it is named in untaxed.
/// </summary>
public sealed record ShippingZonesRequest([property: Required, MaxLength(100)] IReadOnlyList<ShippingZoneRequest> Items, [property: MaxLength(250), CountryCodes] IReadOnlyList<string>? Untaxed = null);

/// <summary>A zone; countries are ISO 3166-1 alpha-2, and rates are tried in the order given.</summary>
public sealed record ShippingZoneRequest(
    [property: Required, Matches("[a-z0-9-]{1,40}")] string Code, [property: Required, OneLine, StringLength(120, MinimumLength = 1)] string Title,
    [property: Required, MaxLength(250), CountryCodes] IReadOnlyList<string> Countries, [property: Required, MaxLength(100)] IReadOnlyList<ShippingRateRequest> Rates)
{
    internal ZoneSheet ToSheet() => new(Code, Title, Countries, [.. Rates.Select(r => r.ToSheet())]);
}

/// <summary>A rate: one band of one method in one currency. Minor units; upper bounds are inclusive.</summary>
public sealed record ShippingRateRequest(
    [property: Required, Matches("[a-z0-9-]{1,40}")] string Code, [property: Required, Matches("[A-Z]{3}")] string Currency,
    [property: Required, OneLine, StringLength(120, MinimumLength = 1)] string Title, [property: Range(typeof(long), "0", "100000000")] long PriceMinor,
    [property: Range(typeof(long), "0", "9223372036854775807")] long? FreeFromMinor = null, [property: Range(0, int.MaxValue)] int MinWeightGrams = 0, int? MaxWeightGrams = null,
    [property: Range(typeof(long), "0", "9223372036854775807")] long MinSubtotalMinor = 0, long? MaxSubtotalMinor = null) : IValidatableObject
{
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxWeightGrams < MinWeightGrams) yield return new ValidationResult("The band of weights is empty.", [nameof(MaxWeightGrams)]);
        if (MaxSubtotalMinor < MinSubtotalMinor) yield return new ValidationResult("The band of values is empty.", [nameof(MaxSubtotalMinor)]);
    }

    internal RateSheet ToSheet() => new(Code, Currency, Title, PriceMinor, FreeFromMinor, MinWeightGrams, MaxWeightGrams, MinSubtotalMinor, MaxSubtotalMinor);
}

/// <summary><c>GET</c> and <c>PUT /admin/shipping-zones</c></summary>
public static class ShippingZones
{
    public static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapGet("/shipping-zones", ListAsync).WithName("ListShippingZones").WithTags("Shipping").WithSummary("Where the shop delivers, and what it takes for it. The ETag is for If-Match.");
        staff.MapPut("/shipping-zones", ReplaceAsync).WithName("ReplaceShippingZones").WithTags("Shipping").WithSummary("Replaces all zones with their countries and rates.")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<ZoneList> ListAsync(ShopDb db, HttpContext context, CancellationToken cancellation) => Show(await db.ListZonesAsync(cancellation), context);

    private static Task<Results<Ok<ZoneList>, ProblemHttpResult>> ReplaceAsync(
        ShippingZonesRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, HttpContext context, CancellationToken cancellation) =>
        db.ChangeSettingsAsync(ifMatch, seen => db.ReplaceZonesAsync(seen, [.. request.Items.Select(z => z.ToSheet())], request.Untaxed ?? [], call.Actor, call.Reason, cancellation), list => Show(list, context), cancellation);

    private static ZoneList Show(ZoneList list, HttpContext context) => context.Tagged(list, list.Version);
}

/// <summary>Two capital letters each (ISO 3166-1 alpha-2).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CountryCodesAttribute() : ValidationAttribute("Countries are two capital letters each."), IKnownPattern
{
    public string Pattern => "[A-Z]{2}";

    public string Example => "DE";

    public override bool IsValid(object? value) => value is not IReadOnlyList<string> codes || codes.All(c => c is [>= 'A' and <= 'Z', >= 'A' and <= 'Z']);
}
