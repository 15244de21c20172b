using Api.Accounts;
using Commerce;
using Commerce.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Api.Staff;

/// <summary>
/// What a caller is told whom a policy keeps out: 401 who is not known, 403 who may not. The answer stands in the endpoint's place, behind the limits: who is refused is
/// counted as everybody is.
/// </summary>
internal sealed class AccessAnswers : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded) return next(context);
        if (!authorizeResult.Forbidden) context.Response.Headers.WWWAuthenticate = "Bearer";
        var refusal = authorizeResult.Forbidden ? Forbidden(context, policy)
            : context.Request.Headers.Authorization.Count > 0 && policy.AuthenticationSchemes.Contains(ApiKeys.SchemeName) ? new Refusal(AccountRefusals.KeyInvalid, "This API key is unknown or has been revoked.")
            : context.Request.Cookies.ContainsKey(Sessions.Cookie) ? new Refusal(AccountRefusals.SessionEnded, "The session has ended; sign in again.")
            : new Refusal(AccountRefusals.SignInNeeded, context.Request.Headers.Authorization.Count > 0 ? "Sign in first: no API key opens this address." : "Sign in first.");
        var closed = (RouteEndpoint)context.GetEndpoint()!;
        context.SetEndpoint(new RouteEndpoint(refusal.Problem().ExecuteAsync, closed.RoutePattern, closed.Order, closed.Metadata, closed.DisplayName));
        return next(context);
    }

    private static Refusal Forbidden(HttpContext context, AuthorizationPolicy policy)
    {
        var area = policy.Requirements.OfType<StaffRequirement>().FirstOrDefault(r => r.Area is not null);
        if (context.User.AccountId() is not null) return new Refusal(AccountRefusals.Forbidden, "This account may not do that.");
        if (area is null) return new Refusal(AccountRefusals.Forbidden, "No API key may do that, only an admin who is signed in.");
        var scope = area.ScopeFor(context.Request.Method);
        return new Refusal(AccountRefusals.Forbidden, $"This API key lacks the scope {scope}.") { Facts = new Dictionary<string, object?> { ["scope"] = scope } };
    }
}
