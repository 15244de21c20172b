using Api.Accounts;
using Commerce;
using Commerce.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Api.Staff;

/// <summary>What a caller is told whom a policy keeps out: 401 who is not known, 403 who may not.</summary>
internal sealed class AccessAnswers : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded) return next(context);
        var refusal = authorizeResult.Forbidden ? new Refusal(AccountRefusals.Forbidden, "This account may not do that.")
            : context.Request.Cookies.ContainsKey(Sessions.Cookie) ? new Refusal(AccountRefusals.SessionEnded, "The session has ended; sign in again.")
            : new Refusal(AccountRefusals.SignInNeeded, "Sign in first.");
        return refusal.Problem().ExecuteAsync(context);
    }
}
