using System.ComponentModel.DataAnnotations;
using Api.Limits;
using Commerce;
using Commerce.Accounts;
using Commerce.Baskets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Accounts;

/// <summary>The present password, and the one to use from now on.</summary>
public sealed record PasswordChangeRequest(
    [property: Required, StringLength(Account.MaxPasswordLength)] string CurrentPassword,
    [property: Required, StringLength(Account.MaxPasswordLength)] string NewPassword);

/// <summary><c>PUT /account/password</c></summary>
public static class ChangePassword
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/account/password", HandleAsync)
        .WithName(nameof(ChangePassword)).WithTags("Accounts").WithSummary("Sets another password. Every other browser is signed out.").RequireSession()
        .WithMetadata(Quota.SignIn).ProducesValidationProblem().ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> HandleAsync(
        PasswordChangeRequest request, Customer customer, HttpContext context, AccountDesk desk, ShopDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var changed = await desk.ChangePasswordAsync(customer.RequireId(), request.CurrentPassword, request.NewPassword, account => Sessions.BeginAsync(context, account, clock));
        if (changed.Refusal is { } refusal) return refusal.Problem();
        return TypedResults.Ok(SessionView.Of(changed.Value, await db.FindCustomerBasketAsync(customer.RequireId(), cancellation)));
    }
}
