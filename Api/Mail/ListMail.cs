using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Mail;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Mail;

/// <summary><c>GET /admin/mail</c></summary>
public static class ListMail
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/mail", HandleAsync)
        .WithName(nameof(ListMail)).WithTags("Mail").WithSummary("The send ledger: every attempt to send a mail and what the server said; newest first.")
        .ProducesValidationProblem();

    private static async Task<Results<Ok<MailPageView>, ProblemHttpResult>> HandleAsync(
        ShopDb db, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 50,
        [StringLength(IdCursor.Length), Description("nextCursor of the page before.")] string? cursor = null,
        [Matches("sending|sent|refused|unknown|bounced|suppressed"), Description("Only attempts in this state.")] string? state = null,
        [Description("Only mails about this order, fulfilment, refund or variant.")] Guid? subjectId = null) =>
        (await db.ListMailAsync(state, subjectId, limit, cursor, cancellation)).Answer();
}
