using Commerce.Payments;
using Microsoft.AspNetCore.Mvc;

namespace Api.Payments;

/// <summary><c>POST /webhooks/stripe</c>, outside of the versioned Api: Stripe calls it.</summary>
public static class ReceiveStripeEvent
{
    /// <summary>Bytes; Stripe's events are a few kilobytes.</summary>
    private const long MaxBody = 512 * 1024;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/webhooks/stripe", HandleAsync)
        .WithMetadata(new RequestSizeLimitAttribute(MaxBody)).ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(HttpRequest request, StripeEvents events, CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(cancellation);
        var refusal = await events.ReceiveAsync(body, request.Headers["Stripe-Signature"].ToString(), cancellation);
        return refusal is null ? TypedResults.Ok() : refusal.Problem();
    }
}
