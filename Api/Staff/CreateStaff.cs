using System.ComponentModel.DataAnnotations;
using Commerce.Accounts;
using Commerce.Mail;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Staff;

/// <summary>Somebody who shall help to run the shop, as staff or admin.</summary>
public sealed record StaffRequest(
    [property: Required, MailAddress, StringLength(Account.MaxEmailLength)] string Email,
    [property: Required, Matches("staff|admin"), StringLength(10)] string Role);

/// <summary>The account and the password to hand over, which is shown this once.</summary>
public sealed record NewStaff(AccountView Account, string InitialPassword);

/// <summary><c>POST /admin/accounts</c></summary>
public static class CreateStaff
{
    public static void Map(IEndpointRouteBuilder admin) => admin.MapPost("/accounts", HandleAsync)
        .WithName(nameof(CreateStaff)).WithTags("Staff").WithSummary("Opens an account for a member of staff. Its first password is in this answer and nowhere else.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Created<NewStaff>, ProblemHttpResult>> HandleAsync(StaffRequest request, StaffCall call, StaffDesk desk)
    {
        var made = await desk.CreateAsync(call.Actor, call.Reason, request.Email, Account.RoleOf(request.Role));
        if (made.Refusal is { } refusal) return refusal.Problem();
        var account = AccountView.Of(made.Value.Account);
        return TypedResults.Created($"/api/v1/admin/accounts/{account.Id}", new NewStaff(account, made.Value.InitialPassword));
    }
}
