using System.Security.Claims;
using Commerce;
using Commerce.Baskets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Accounts;

/// <summary><c>GET /session</c></summary>
public static class GetSession
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/session", HandleAsync)
        .WithName(nameof(GetSession)).WithTags("Accounts").WithSummary("Who is signed in in this browser.").RequireSession();

    private static async Task<Ok<SessionView>> HandleAsync(Customer customer, ClaimsPrincipal user, ShopDb db, CancellationToken cancellation) => TypedResults.Ok(
        new SessionView(user.FindFirstValue(ClaimTypes.Email)!, user.FindFirstValue(ClaimTypes.Role)!, await db.FindCustomerBasketAsync(customer.RequireId(), cancellation)));
}
