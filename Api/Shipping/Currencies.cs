using System.ComponentModel.DataAnnotations;
using Api.Document;
using Api.Staff;
using Commerce;
using Commerce.Pricing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Shipping;

/// <summary>All currencies the shop sells in (ISO 4217), its own among them.</summary>
public sealed record CurrenciesRequest([property: Required, MaxLength(SellableCurrencies.Most), CurrencyCodes] IReadOnlyList<string> Items);

/// <summary><c>GET</c> and <c>PUT /admin/currencies</c></summary>
public static class Currencies
{
    public static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapGet("/currencies", ListAsync).WithName("ListCurrencies").WithTags("Shipping").WithSummary("The currencies the shop sells in. The ETag is for If-Match.");
        staff.MapPut("/currencies", ReplaceAsync).WithName("ReplaceCurrencies").WithTags("Shipping")
            .WithSummary("Decides which currencies new baskets may be in; what lies in a basket can still be ordered. Prices and rates in a new one are set afterwards.")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<CurrencyList> ListAsync(ShopDb db, HttpContext context, CancellationToken cancellation) => Show(await db.ListCurrenciesAsync(cancellation), context);

    private static Task<Results<Ok<CurrencyList>, ProblemHttpResult>> ReplaceAsync(
        CurrenciesRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, HttpContext context, CancellationToken cancellation) =>
        db.ChangeSettingsAsync(ifMatch, seen => db.ReplaceCurrenciesAsync(seen, request.Items, call.Actor, call.Reason, cancellation), list => Show(list, context), cancellation);

    private static CurrencyList Show(CurrencyList list, HttpContext context) => context.Tagged(list, list.Version);
}

/// <summary>Three capital letters each (ISO 4217).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CurrencyCodesAttribute() : ValidationAttribute("Currencies are three capital letters each."), IKnownPattern
{
    public string Pattern => "[A-Z]{3}";

    public string Example => "EUR";

    public override bool IsValid(object? value) =>
        value is not IReadOnlyList<string> codes || codes.All(c => c is [>= 'A' and <= 'Z', >= 'A' and <= 'Z', >= 'A' and <= 'Z']);
}
