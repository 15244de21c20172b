using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Api.Orders.Staff;

/// <summary>
/// What is sent: lines by their position in the order; without lines, everything that is still to be sent. With evenUnpaid also where nothing is left of what was paid;
/// with evenMissing also units that are not in stock as far as the shop knows.
/// </summary>
public sealed record FulfilmentRequest(
    [property: Length(1, 200)] IReadOnlyList<LineUnitsRequest>? Lines = null,
    [property: OneLine, StringLength(Fulfilment.MaxText)] string? Carrier = null,
    [property: OneLine, StringLength(Fulfilment.MaxText)] string? TrackingNumber = null,
    [property: StringLength(Fulfilment.MaxUrl), WebAddress] string? TrackingUrl = null,
    bool EvenUnpaid = false,
    bool EvenMissing = false);

/// <summary>Units of the order's line at a position.</summary>
public sealed record LineUnitsRequest([property: Range(1, 10_000)] int Position, [property: Range(1, 1_000_000)] int Quantity)
{
    internal static IReadOnlyList<LineUnits>? Of(IReadOnlyList<LineUnitsRequest>? lines) => lines?.Select(l => new LineUnits(l.Position, l.Quantity)).ToList();
}

/// <summary><c>POST /admin/orders/{number}/fulfilments</c></summary>
public static class FulfilOrder
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/orders/{number}/fulfilments", HandleAsync)
        .WithName(nameof(FulfilOrder)).WithTags("Staff orders")
        .WithSummary("Notes units of a paid order as sent and tells the shopper. The same Idempotency-Key is the same fulfilment.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Created<StaffFulfilmentView>, ProblemHttpResult>> HandleAsync(
        string number, [FromHeader(Name = "Idempotency-Key"), StringLength(IdempotencyRecord.MaxKeyLength, MinimumLength = 8)] string idempotencyKey,
        [FromHeader(Name = "If-Match"), StringLength(200)] string? ifMatch, FulfilmentRequest request, StaffCall call, ShopDb db, FulfilmentVerbs fulfilments, CancellationToken cancellation)
    {
        var wish = new NewFulfilment(idempotencyKey, LineUnitsRequest.Of(request.Lines), new Tracking(request.Carrier, request.TrackingNumber, request.TrackingUrl), request.EvenUnpaid, request.EvenMissing);
        var made = await fulfilments.FulfilAsync(number, wish, await StaffInstruction.OfAsync(call, ifMatch, db, number, cancellation), cancellation);
        return made.Refusal is { } refusal ? refusal.Problem() : TypedResults.Created((string?)null, StaffFulfilmentView.Of(made.Value));
    }
}
