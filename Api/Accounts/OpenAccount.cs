using System.ComponentModel.DataAnnotations;
using Commerce.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Accounts;

/// <summary>A customer's account to open. The password's length is what counts.</summary>
public sealed record AccountRequest(
    [property: Required, EmailAddress, StringLength(Account.MaxEmailLength)] string Email,
    [property: Required, StringLength(Account.MaxPasswordLength)] string Password);

/// <summary><c>POST /accounts</c></summary>
public static class OpenAccount
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/accounts", HandleAsync)
        .WithName(nameof(OpenAccount)).WithTags("Accounts").WithSummary("Opens a customer's account and signs in.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Created<SessionView>, ProblemHttpResult>> HandleAsync(AccountRequest request, HttpContext context, AccountDesk desk, TimeProvider clock)
    {
        var opened = await desk.RegisterAsync(request.Email, request.Password);
        if (opened.Refusal is { } refusal) return refusal.Problem();
        await Sessions.BeginAsync(context, opened.Value, clock);
        return TypedResults.Created("/api/v1/session", SessionView.Of(opened.Value));
    }
}
