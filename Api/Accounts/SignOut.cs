using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Accounts;

/// <summary><c>DELETE /session</c></summary>
public static class SignOut
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/session", (Delegate)HandleAsync)
        .WithName(nameof(SignOut)).WithTags("Accounts").WithSummary("Signs out this browser; fine when nobody is signed in.");

    private static async Task<NoContent> HandleAsync(HttpContext context)
    {
        if (context.Request.Cookies.ContainsKey(Sessions.Cookie)) await context.SignOutAsync(Sessions.Scheme);
        return TypedResults.NoContent();
    }
}
