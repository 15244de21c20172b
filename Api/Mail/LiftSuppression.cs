using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Mail;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Mail;

/// <summary>Whom to send to again. In the body, because addresses of people do not belong into logged URLs.</summary>
public sealed record SuppressionLiftingRequest([property: Required, MailAddress, StringLength(MailAddress.MaxLength)] string Email);

/// <summary><c>POST /admin/mail/suppression-liftings</c></summary>
public static class LiftSuppression
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/mail/suppression-liftings", HandleAsync)
        .WithName(nameof(LiftSuppression)).WithTags("Mail").WithSummary("Sends to an address again that a mail server had refused.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(ShopDb db, StaffCall call, SuppressionLiftingRequest lifting, CancellationToken cancellation) =>
        await db.LiftSuppressionAsync(call.Actor, call.Reason, lifting.Email, cancellation) is { } refusal ? refusal.Problem() : TypedResults.NoContent();
}
