using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Staff;

/// <summary><c>GET /admin/accounts</c></summary>
public static class ListAccounts
{
    public static void Map(IEndpointRouteBuilder admin) => admin.MapGet("/accounts", HandleAsync)
        .WithName(nameof(ListAccounts)).WithTags("Staff").WithSummary("Staff and admins, newest first; or whoever has a mail address.")
        .ProducesValidationProblem();

    private static async Task<Results<Ok<AccountPage>, ProblemHttpResult>> HandleAsync(
        ShopDb db, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 50,
        [StringLength(IdCursor.Length), Description("nextCursor of the page before.")] string? cursor = null,
        [StringLength(Account.MaxEmailLength), Description("Only the account with this mail address, a shopper's too.")] string? email = null) =>
        (await db.ListAccountsAsync(email, limit, cursor, cancellation)).Answer();
}
