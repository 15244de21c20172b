using System.Security.Claims;
using Api.Accounts;
using Commerce.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Api.Staff;

/// <summary>
/// The parts of the staff side. A part is what an API key's scope names: <c>orders:read</c> reads it, <c>orders:write</c> also changes it.
/// Staff who are signed in may use every part.
/// </summary>
public static class StaffArea
{
    public const string Catalog = "catalog";
    public const string Orders = "orders";

    /// <summary>What holds for the shop as a whole: taxes, zones, currencies and the policy of prices.</summary>
    public const string Settings = "settings";

    public const string Stock = "stock";
    public const string Jobs = "jobs";
    public const string Audit = "audit";
    public const string Mail = "mail";
    public const string Webhooks = "webhooks";

    public static readonly IReadOnlyList<string> All = [Catalog, Orders, Settings, Stock, Jobs, Audit, Mail, Webhooks];
}

/// <summary>Everything staff do lies under <c>/api/v1/admin</c>, behind one of these doors.</summary>
public static class StaffAccess
{
    /// <summary>The claim of an API key that names a scope it has.</summary>
    public const string ScopeClaim = "scope";

    /// <summary>Product files and pictures.</summary>
    private const long MaxFileBytes = 64 * 1024 * 1024;

    public static void AddStaffAccess(this IServiceCollection services)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeys>(ApiKeys.SchemeName, null);
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationHandler, StaffRequirementHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessAnswers>();
    }

    /// <summary>Whether somebody of staff, or a key with the scope, may change what belongs to an area.</summary>
    public static bool MayWrite(this ClaimsPrincipal user, string area) => IsStaff(user) || user.HasClaim(ScopeClaim, $"{area}:write");

    /// <summary>The same of reading it.</summary>
    public static bool MayRead(this ClaimsPrincipal user, string area) => user.MayWrite(area) || user.HasClaim(ScopeClaim, $"{area}:read");

    internal static bool IsAdmin(ClaimsPrincipal user) => user.IsInRole(Account.NameOf(AccountRole.Admin));

    internal static bool IsStaff(ClaimsPrincipal user) => IsAdmin(user) || user.IsInRole(Account.NameOf(AccountRole.Staff));

    /// <summary>
    /// <c>/admin</c> for one of <see cref="StaffArea"/>. Requests other than GET and HEAD take an <c>X-Reason</c>; bind <see cref="StaffCall"/>
    /// to know who asks and why.
    /// </summary>
    public static RouteGroupBuilder MapStaff(this IEndpointRouteBuilder v1, string area) => Guard(v1, new StaffRequirement(area));

    /// <summary><c>/admin</c> for what only an admin who is signed in decides: who is staff, and which machines have a key.</summary>
    public static RouteGroupBuilder MapAdmin(this IEndpointRouteBuilder v1) => Guard(v1, new StaffRequirement(null));

    private static RouteGroupBuilder Guard(IEndpointRouteBuilder v1, StaffRequirement requirement) => v1.MapGroup("/admin").LimitBodies(MaxFileBytes)
        .RequireAuthorization(policy => policy.AddAuthenticationSchemes(Sessions.Scheme, ApiKeys.SchemeName).RequireAuthenticatedUser().AddRequirements(requirement))
        .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
}

/// <summary>Staff, or a machine with a scope for the area; without an area: an admin.</summary>
public sealed record StaffRequirement(string? Area) : IAuthorizationRequirement
{
    public string ScopeFor(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? $"{Area}:read" : $"{Area}:write";
}

internal sealed class StaffRequirementHandler : AuthorizationHandler<StaffRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, StaffRequirement requirement)
    {
        if (requirement.Area is { } area ? context.User.MayWrite(area) || HasScope(context, requirement) : StaffAccess.IsAdmin(context.User)) context.Succeed(requirement);
        return Task.CompletedTask;
    }

    private static bool HasScope(AuthorizationHandlerContext context, StaffRequirement requirement) =>
        context.Resource is HttpContext http && context.User.HasClaim(StaffAccess.ScopeClaim, requirement.ScopeFor(http.Request.Method));
}
