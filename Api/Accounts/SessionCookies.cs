using System.Security.Claims;
using System.Text.Encodings.Web;
using Commerce;
using Commerce.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Api.Accounts;

/// <summary>
/// The session's cookie is nothing but the key of its ticket. Whoever signs in gets a new one, and the session of the key they bring ends: who else has that key (it was
/// stolen, or planted) must not be signed in along with them. ASP.NET's own cookie handler goes on with the key that is brought. Decision 0106.
/// </summary>
internal sealed class SessionCookies(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, SessionTickets tickets, ShopDb db, TimeProvider clock)
    : SignInAuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    private static readonly CookieBuilder Shape = new()
    {
        Path = "/",
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        SecurePolicy = CookieSecurePolicy.SameAsRequest,
    };

    private string? KeyBrought => Request.Cookies[Sessions.Cookie] is { Length: > 0 } key ? key : null;

    /// <summary>A changed password, another role and a disabled account end every session at once, not when its ticket runs out.</summary>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (KeyBrought is not { } key) return AuthenticateResult.NoResult();
        if (await tickets.FindAsync(key) is not { } ticket || ticket.Properties.ExpiresUtc <= clock.GetUtcNow()) return AuthenticateResult.Fail(AccountRefusals.SessionEnded);
        var (id, stamp) = (ticket.Principal.AccountId(), ticket.Principal.FindFirstValue(Sessions.Stamp));
        return await db.Accounts.AnyAsync(a => a.Id == id && a.SecurityStamp == stamp && a.DisabledAt == null, Context.RequestAborted)
            ? AuthenticateResult.Success(ticket)
            : AuthenticateResult.Fail(AccountRefusals.SessionEnded);
    }

    protected override async Task HandleSignInAsync(ClaimsPrincipal user, AuthenticationProperties? properties)
    {
        var ticket = new AuthenticationTicket(user, properties, Scheme.Name);
        var cookie = Shape.Build(Context);
        cookie.Expires = ticket.Properties.ExpiresUtc;
        var key = await tickets.StoreAsync(ticket); // first: a Redis that is full takes tickets away and keeps none
        if (KeyBrought is { } earlier) await tickets.RemoveAsync(earlier);
        Response.Cookies.Append(Sessions.Cookie, key, cookie);
    }

    protected override async Task HandleSignOutAsync(AuthenticationProperties? properties)
    {
        Response.Cookies.Delete(Sessions.Cookie, Shape.Build(Context));
        if (KeyBrought is not { } key) return;
        try
        {
            await tickets.RemoveAsync(key);
        }
        catch (SessionsAwayException error)
        {
            // The browser has lost its key all the same: nobody who sits down at it next is signed in.
            Logger.LogWarning(error, "A session was signed out of while Redis is away; its ticket stays until it runs out.");
        }
    }
}
