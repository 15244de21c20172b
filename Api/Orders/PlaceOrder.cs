using System.ComponentModel.DataAnnotations;
using System.Text;
using Api.Accounts;
using Commerce;
using Commerce.Mail;
using Commerce.Orders;
using Commerce.Shipping;
using Microsoft.AspNetCore.Mvc;

namespace Api.Orders;

/// <summary>An order to place. With expectedTotal, another total is refused instead of charged. Without shippingCode, the shop's first method that fits is taken.</summary>
public sealed record OrderRequest(
    [property: Required, Matches("[0-9a-f]{32}")] string BasketId,
    [property: Required, MailAddress, StringLength(MailAddress.MaxLength)] string Email,
    [property: Required] AddressRequest ShippingAddress,
    Money? ExpectedTotal = null,
    [property: StringLength(40, MinimumLength = 1)] string? ShippingCode = null);

/// <summary>
/// Where an order goes; countryCode is ISO 3166-1 alpha-2, upper case. What else belongs to an address there, <c>/shipping-countries</c> says: a postal
/// code that looks like one of that country, and as region the state or province, as in NY or ON.
/// </summary>
public sealed record AddressRequest(
    [property: Required, OneLine, StringLength(120, MinimumLength = 1)] string Name,
    [property: Required, OneLine, StringLength(120, MinimumLength = 1)] string Line1,
    [property: Required, OneLine, StringLength(120, MinimumLength = 1)] string City,
    [property: Required, Matches("[A-Z]{2}")] string CountryCode,
    [property: OneLine, StringLength(16)] string? PostalCode = null,
    [property: OneLine, StringLength(120)] string? Line2 = null,
    [property: OneLine, StringLength(8)] string? Region = null) : IValidatableObject
{
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AddressRule.Of(CountryCode ?? "") is not { } rule) yield break;
        if (string.IsNullOrWhiteSpace(PostalCode))
            yield return new ValidationResult($"Addresses in {CountryCode} need a postal code, such as {rule.PostalCodeExample}.", [nameof(PostalCode)]);
        else if (!rule.FitsPostalCode(PostalCode))
            yield return new ValidationResult($"Postal codes of {CountryCode} look like {rule.PostalCodeExample}.", [nameof(PostalCode)]);
        if (!rule.FitsRegion(Region?.Trim().ToUpperInvariant()))
            yield return new ValidationResult($"Addresses in {CountryCode} need one of these regions: {string.Join(", ", rule.Regions)}.", [nameof(Region)]);
    }

    internal Address ToAddress() => new()
    {
        Name = Name.Trim(),
        Line1 = Line1.Trim(),
        Line2 = string.IsNullOrWhiteSpace(Line2) ? null : Line2.Trim(),
        PostalCode = AddressRule.Normalise(PostalCode ?? ""),
        City = City.Trim(),
        Region = string.IsNullOrWhiteSpace(Region) ? null : Region.Trim().ToUpperInvariant(),
        CountryCode = CountryCode,
    };
}

/// <summary><c>POST /orders</c></summary>
public static class PlaceOrder
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/orders", HandleAsync)
        .WithName(nameof(PlaceOrder)).WithTags("Orders")
        .WithSummary("Orders a basket and reserves its stock. Under one Idempotency-Key there is one order, and the first answer is replayed: use a new key after a refusal.")
        .Produces<OrderView>(StatusCodes.Status201Created).ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> HandleAsync(
        [FromHeader(Name = "Idempotency-Key"), StringLength(IdempotencyRecord.MaxKeyLength, MinimumLength = 8)] string idempotencyKey,
        OrderRequest request, Customer customer, OrderDesk desk, CancellationToken cancellation)
    {
        var wish = new Commerce.Orders.PlaceOrder(idempotencyKey, request.BasketId, request.Email, request.ShippingAddress.ToAddress(), request.ExpectedTotal, request.ShippingCode, customer.ToShopper());
        var answer = await desk.PlaceAsync(wish, cancellation);
        return answer.Refusal is { } refusal
            ? refusal.Problem()
            : TypedResults.Text(answer.Answer!, "application/json", Encoding.UTF8, StatusCodes.Status201Created); // word for word, also when replayed
    }
}
