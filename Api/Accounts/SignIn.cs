using System.ComponentModel.DataAnnotations;
using Commerce.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Accounts;

/// <summary>Who wants to be recognised.</summary>
public sealed record SignInRequest(
    [property: Required, StringLength(Account.MaxEmailLength)] string Email,
    [property: Required, StringLength(Account.MaxPasswordLength)] string Password);

/// <summary>Who is signed in. Role is shopper, staff or admin.</summary>
public sealed record SessionView(string Email, string Role)
{
    internal static SessionView Of(Account account) => new(account.Email, Account.NameOf(account.Role));
}

/// <summary><c>POST /session</c></summary>
public static class SignIn
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/session", HandleAsync)
        .WithName(nameof(SignIn)).WithTags("Accounts").WithSummary("Signs in; the session is a cookie.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> HandleAsync(SignInRequest request, HttpContext context, AccountDesk desk, TimeProvider clock)
    {
        var found = await desk.CheckAsync(request.Email, request.Password);
        if (found.Refusal is { } refusal) return refusal.Problem();
        await Sessions.BeginAsync(context, found.Value, clock);
        return TypedResults.Ok(SessionView.Of(found.Value));
    }
}
