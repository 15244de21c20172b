using Commerce.Baskets;
using Microsoft.AspNetCore.Authentication;

namespace Api.Accounts;

/// <summary>
/// Who shops, where a guest may too: bound from the session if there is one. While Redis is away everybody is a guest, so that buying goes on.
/// Behind <see cref="SignedIn.RequireSession"/> it is always somebody.
/// </summary>
public sealed record Customer(Guid? AccountId)
{
    private bool _isUnread;

    public static readonly Customer Guest = new((Guid?)null);

    /// <summary>The account, where the endpoint is only for who is signed in.</summary>
    public Guid RequireId() => AccountId ?? throw new InvalidOperationException("A guest has no account: the endpoint lacks RequireSession.");

    /// <summary>Whose baskets they may use.</summary>
    public Shopper ToShopper() => _isUnread ? Shopper.Unrecognised : new Shopper(AccountId);

    public static async ValueTask<Customer> BindAsync(HttpContext context)
    {
        if (context.User.AccountId() is { } known) return new Customer(known);
        if (!context.Request.Cookies.ContainsKey(Sessions.Cookie)) return Guest;
        try
        {
            var result = await context.AuthenticateAsync(Sessions.Scheme);
            return new Customer(result.Principal?.AccountId());
        }
        catch (SessionsAwayException error)
        {
            context.RequestServices.GetRequiredService<ILogger<Customer>>().LogWarning(error, "Sessions cannot be read; a signed-in shopper is served as a guest.");
            return new Customer((Guid?)null) { _isUnread = true };
        }
    }
}

/// <summary>For endpoints that only make sense for somebody.</summary>
public static class SignedIn
{
    public static TBuilder RequireSession<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(policy => policy.AddAuthenticationSchemes(Sessions.Scheme).RequireAuthenticatedUser())
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status401Unauthorized, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"]));
}
