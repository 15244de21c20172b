using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Commerce;
using Commerce.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Api.Staff;

/// <summary><c>Authorization: Bearer og_…</c>: a machine's key, looked up on every call, so that a revoked one is dead at once.</summary>
internal sealed class ApiKeys(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, ShopDb db, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public const string SchemeName = "api-key";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header) || !header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return AuthenticateResult.NoResult();
        var key = header.Parameter is null ? null : await db.FindApiKeyAsync(header.Parameter, clock.GetUtcNow(), Context.RequestAborted);
        if (key is null) return AuthenticateResult.Fail(AccountRefusals.KeyInvalid);
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, key.Id.ToString()), new Claim(ClaimTypes.Name, key.Name),
                .. key.Scopes.Select(scope => new Claim(StaffAccess.ScopeClaim, scope)),
            ], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}
