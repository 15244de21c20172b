using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Staff;

/// <summary>What an account shall be from now on.</summary>
public sealed record AccountChangeRequest(
    [property: Required, Matches("shopper|staff|admin"), StringLength(10)] string Role,
    bool Disabled);

/// <summary><c>PUT /admin/accounts/{id}</c></summary>
public static class ChangeAccount
{
    public static void Map(IEndpointRouteBuilder admin) => admin.MapPut("/accounts/{id:guid}", HandleAsync)
        .WithName(nameof(ChangeAccount)).WithTags("Staff").WithSummary("Sets an account's role and whether it may be used; its sessions end.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<AccountView>, ProblemHttpResult>> HandleAsync(
        Guid id, AccountChangeRequest request, IfMatch match, StaffCall call, HttpContext context, ShopDb db, StaffDesk desk, CancellationToken cancellation)
    {
        var found = await db.FindAccountAsync(id, cancellation);
        if (found.Refusal is { } unknown) return unknown.Problem();
        var stamp = found.Value.SecurityStamp;
        if (match.Refuses(stamp) is { } problem) return problem;
        var changed = await desk.ChangeAsync(call.Actor, call.Reason, id, Account.RoleOf(request.Role), request.Disabled, stamp, cancellation);
        if (changed.Refusal is { } refusal) return refusal.Problem();
        context.SetETag(changed.Value.SecurityStamp);
        return TypedResults.Ok(AccountView.Of(changed.Value));
    }
}
