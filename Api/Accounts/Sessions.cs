using System.Globalization;
using System.Security.Claims;
using Commerce;
using Commerce.Accounts;
using Commerce.Audit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;

namespace Api.Accounts;

/// <summary>
/// Who is signed in: a cookie that carries nothing but a key, a ticket in Redis, and the account's row, which is asked on every request that
/// wants to know. Requests that do not want to know touch none of them, so browsing needs no Redis.
/// </summary>
public static class Sessions
{
    public const string Scheme = "session";
    public const string Cookie = "session";

    /// <summary>The claim of the account's <see cref="Account.SecurityStamp"/> when the session began.</summary>
    internal const string Stamp = "stamp";

    private static readonly TimeSpan ShopperTime = TimeSpan.FromDays(14);
    private static readonly TimeSpan StaffTime = TimeSpan.FromHours(12);

    public static AuthenticationBuilder AddSessions(this IServiceCollection services, IConfiguration configuration)
    {
        KeyProtection.Apply(services.AddDataProtection().SetApplicationName("oddgrain").PersistKeysToDbContext<ShopDb>(), configuration);
        services.AddSingleton<SessionTickets>();
        return services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, SessionCookies>(Scheme, null);
    }

    /// <summary>Signs the account in, under a new key. Sessions do not slide: the storefront reads them while it renders, and cannot hand a renewed cookie on.</summary>
    public static Task BeginAsync(HttpContext context, Account account, TimeProvider clock)
    {
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, account.Id.ToString()), new Claim(ClaimTypes.Email, account.Email),
                new Claim(ClaimTypes.Role, Account.NameOf(account.Role)), new Claim(Stamp, account.SecurityStamp),
            ], Scheme);
        var expires = clock.GetUtcNow() + (account.Role == AccountRole.Shopper ? ShopperTime : StaffTime);
        return context.SignInAsync(Scheme, new ClaimsPrincipal(identity), new AuthenticationProperties { ExpiresUtc = expires });
    }

    /// <summary>The account behind the principal; null for a guest and for a machine.</summary>
    public static Guid? AccountId(this ClaimsPrincipal principal) =>
        principal.Identities.FirstOrDefault(i => i.AuthenticationType == Scheme)?.FindFirst(ClaimTypes.NameIdentifier) is { } id
            ? Guid.Parse(id.Value, CultureInfo.InvariantCulture)
            : null;

    public static Actor? Actor(this ClaimsPrincipal principal) => principal.AccountId() is { } id
        ? new Actor(principal.IsInRole(Account.NameOf(AccountRole.Shopper)) ? ActorKind.Shopper : ActorKind.Staff, id.ToString(), principal.FindFirstValue(ClaimTypes.Email)!)
        : null;
}
