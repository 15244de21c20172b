using System.ComponentModel.DataAnnotations;
using Api.Limits;
using Commerce;
using Commerce.Accounts;
using Commerce.Baskets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Accounts;

/// <summary>Who wants to be recognised. With the basket of this browser, it joins the one the account has.</summary>
public sealed record SignInRequest(
    [property: Required, StringLength(Account.MaxEmailLength)] string Email,
    [property: Required, StringLength(Account.MaxPasswordLength)] string Password,
    [property: Matches("[0-9a-f]{32}")] string? BasketId = null);

/// <summary>Who is signed in, and the basket they have open. Role is shopper, staff or admin.</summary>
public sealed record SessionView(string Email, string Role, string? BasketId)
{
    internal static SessionView Of(Account account, string? basketId) => new(account.Email, Account.NameOf(account.Role), basketId);
}

/// <summary><c>POST /session</c></summary>
public static class SignIn
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/session", HandleAsync)
        .WithName(nameof(SignIn)).WithTags("Accounts").WithSummary("Signs in; the session is a cookie.")
        .WithMetadata(Quota.SignIn).ProducesValidationProblem().ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> HandleAsync(
        SignInRequest request, HttpContext context, AccountDesk desk, ShopDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var found = await desk.CheckAsync(request.Email, request.Password);
        if (found.Refusal is { } refusal) return refusal.Problem();
        await Sessions.BeginAsync(context, found.Value, clock);
        return TypedResults.Ok(SessionView.Of(found.Value, await db.MergeBasketAsync(found.Value.Id, request.BasketId, clock.GetUtcNow(), cancellation)));
    }
}
