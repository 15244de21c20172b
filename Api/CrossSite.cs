using Commerce.Payments;
using Microsoft.Extensions.Options;

namespace Api;

/// <summary>
/// Requests that change something and that a browser sends for another site's page are refused (CSRF). Browsers say so themselves, in
/// <c>Sec-Fetch-Site</c>; older ones at least send <c>Origin</c>. A caller that sends neither is no browser and has no cookie to abuse.
/// </summary>
public static class CrossSite
{
    public const string Refused = "request.cross-site";

    private static readonly HashSet<string> Own = ["same-origin", "none"];

    public static void UseCrossSiteRefusal(this WebApplication app)
    {
        var origin = new Uri(app.Services.GetRequiredService<IOptions<PublicAddress>>().Value.PublicUrl).GetLeftPart(UriPartial.Authority);
        app.Use((context, next) => IsRead(context.Request.Method) || !IsForeign(context.Request.Headers, origin)
            ? next(context)
            : Refusals.Problem(Refused, StatusCodes.Status403Forbidden, "Another site's page may not change anything here.", null).ExecuteAsync(context));
    }

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool IsForeign(IHeaderDictionary headers, string ourOrigin)
    {
        var site = headers["Sec-Fetch-Site"].ToString();
        if (site != "") return !Own.Contains(site);
        var origin = headers.Origin.ToString();
        return origin != "" && !origin.Equals(ourOrigin, StringComparison.OrdinalIgnoreCase);
    }
}
