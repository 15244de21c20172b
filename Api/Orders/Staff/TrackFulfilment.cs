using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Orders.Staff;

/// <summary>How a parcel can be followed, as far as is known.</summary>
public sealed record TrackingRequest(
    [property: OneLine, StringLength(Fulfilment.MaxText)] string? Carrier,
    [property: OneLine, StringLength(Fulfilment.MaxText)] string? TrackingNumber,
    [property: StringLength(Fulfilment.MaxUrl), WebAddress] string? TrackingUrl);

/// <summary><c>PUT /admin/orders/{number}/fulfilments/{fulfilmentId}/tracking</c></summary>
public static class TrackFulfilment
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPut("/orders/{number}/fulfilments/{fulfilmentId:guid}/tracking", HandleAsync)
        .WithName(nameof(TrackFulfilment)).WithTags("Staff orders").WithSummary("Sets how a parcel can be followed, and mails the shopper a number or an address that is new. If-Match takes the order's ETag.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<StaffFulfilmentView>, ProblemHttpResult>> HandleAsync(
        string number, Guid fulfilmentId, TrackingRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, FulfilmentVerbs fulfilments, CancellationToken cancellation)
    {
        if (await db.FindOrderVersionAsync(number, cancellation) is { } version && ifMatch.Refuses(version) is { } problem) return problem;
        var instruction = await StaffInstruction.OfAsync(call, ifMatch.Value, db, number, cancellation);
        var tracked = await fulfilments.TrackAsync(number, fulfilmentId, new Tracking(request.Carrier, request.TrackingNumber, request.TrackingUrl), instruction, cancellation);
        return tracked.Refusal is { } refusal ? refusal.Problem() : TypedResults.Ok(StaffFulfilmentView.Of(tracked.Value));
    }
}
