using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Accounts;

/// <summary><c>GET /session</c></summary>
public static class GetSession
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/session", Handle)
        .WithName(nameof(GetSession)).WithTags("Accounts").WithSummary("Who is signed in in this browser.").RequireSession();

    private static Ok<SessionView> Handle(ClaimsPrincipal user) =>
        TypedResults.Ok(new SessionView(user.FindFirstValue(ClaimTypes.Email)!, user.FindFirstValue(ClaimTypes.Role)!));
}
