using System.ComponentModel.DataAnnotations;
using Api.Limits;
using Commerce;
using Commerce.Accounts;
using Commerce.Baskets;
using Commerce.Mail;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Accounts;

/// <summary>A customer's account to open. The password's length is what counts. The basket of this browser becomes the account's.</summary>
public sealed record AccountRequest(
    [property: Required, MailAddress, StringLength(Account.MaxEmailLength)] string Email,
    [property: Required, StringLength(Account.MaxPasswordLength)] string Password,
    [property: Matches("[0-9a-f]{32}")] string? BasketId = null);

/// <summary><c>POST /accounts</c></summary>
public static class OpenAccount
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/accounts", HandleAsync)
        .WithName(nameof(OpenAccount)).WithTags("Accounts").WithSummary("Opens a customer's account and signs in.")
        .WithMetadata(Quota.SignIn).ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Created<SessionView>, ProblemHttpResult>> HandleAsync(
        AccountRequest request, HttpContext context, AccountDesk desk, ShopDb db, TimeProvider clock, CancellationToken cancellation)
    {
        // Nobody is told that nothing can be done at this moment, and has an account all the same.
        var opened = await desk.RegisterAsync(request.Email, request.Password, beforeCommit: account => Sessions.BeginAsync(context, account, clock));
        if (opened.Refusal is { } refusal) return refusal.Problem();
        var basketId = await db.MergeBasketAsync(opened.Value.Id, request.BasketId, clock.GetUtcNow(), cancellation);
        return TypedResults.Created("/api/v1/session", SessionView.Of(opened.Value, basketId));
    }
}
