using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Shipping;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Shipping;

/// <summary>
/// All VAT rates of the shop: a country in none is an export; goods of a class a country has no rate for are taxed at its standard rate. A country loses its last
/// rate only if it is named in untaxed.
/// </summary>
public sealed record VatRatesRequest([property: Required, MaxLength(2000)] IReadOnlyList<VatRateRequest> Items, [property: MaxLength(250), CountryCodes] IReadOnlyList<string>? Untaxed = null);

/// <summary>The VAT of a country for goods of one tax class, in percent with at most two decimals.</summary>
public sealed record VatRateRequest(
    [property: Required, Matches("[A-Z]{2}")] string CountryCode, [property: Required, Matches("[a-z0-9-]{1,40}")] string TaxClass,
    [property: Range(typeof(decimal), "0", "100", ParseLimitsInInvariantCulture = true)] decimal Percent);

/// <summary><c>GET</c> and <c>PUT /admin/vat-rates</c></summary>
public static class VatRates
{
    public static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapGet("/vat-rates", ListAsync).WithName("ListVatRates").WithTags("Shipping").WithSummary("The VAT of each country by tax class. The ETag is for If-Match.");
        staff.MapPut("/vat-rates", ReplaceAsync).WithName("ReplaceVatRates").WithTags("Shipping").WithSummary("Replaces all VAT rates.")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<VatList> ListAsync(ShopDb db, HttpContext context, CancellationToken cancellation) => Show(await db.ListVatAsync(cancellation), context);

    private static Task<Results<Ok<VatList>, ProblemHttpResult>> ReplaceAsync(
        VatRatesRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, HttpContext context, CancellationToken cancellation) =>
        db.ChangeSettingsAsync(ifMatch, seen => db.ReplaceVatAsync(seen, [.. request.Items.Select(r => new VatSheet(r.CountryCode, r.TaxClass, r.Percent))], request.Untaxed ?? [], call.Actor, call.Reason, cancellation), list => Show(list, context), cancellation);

    private static VatList Show(VatList list, HttpContext context) => context.Tagged(list, list.Version);
}
