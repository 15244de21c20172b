using System.Security.Cryptography;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Where the dashboard's faces are and how each is protected.</summary>
internal sealed record DashboardSettings(
    string FrontendUrl,
    string OtlpUrl,
    string? OtlpHttpUrl,
    string ResourceServiceUrl,
    string ResourceServiceKey,
    string OtlpKey,
    string ApiKey,
    string? BrowserToken)
{
    private const int KeyBytes = 16;

    /// <summary>Reads Aspire's own settings, makes what is missing, and puts it back for the resources to see.</summary>
    /// <exception cref="DistributedApplicationException">A URL is http although unsecured transport is not allowed.</exception>
    public static DashboardSettings Read(ConfigurationManager configuration, bool allowUnsecuredTransport)
    {
        var unsecured = allowUnsecuredTransport || configuration.GetValue<bool>("ASPIRE_ALLOW_UNSECURED_TRANSPORT");
        var anonymous = configuration.GetValue<bool>("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS");
        string? http = configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"];
        var settings = new DashboardSettings(
            configuration["ASPNETCORE_URLS"]?.Split(';')[0] ?? FreeUrl(),
            configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ?? FreeUrl(),
            http,
            configuration["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] ?? FreeUrl(),
            configuration["ASPIRE_DASHBOARD_RESOURCESERVICE_APIKEY"] ?? Key(),
            configuration["AppHost:OtlpApiKey"] ?? Key(),
            configuration["AppHost:DashboardApiKey"] ?? Key(),
            anonymous ? null : configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] ?? Key());
        foreach (var url in new[] { settings.FrontendUrl, settings.OtlpUrl, settings.OtlpHttpUrl, settings.ResourceServiceUrl })
            Check(url, unsecured);

        configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = settings.OtlpUrl;
        configuration["AppHost:OtlpApiKey"] = settings.OtlpKey;
        configuration["AppHost:DashboardApiKey"] = settings.ApiKey;
        configuration["AppHost:BrowserToken"] = settings.BrowserToken;
        return settings;
    }

    /// <summary>The variables the dashboard is started with.</summary>
    public IEnumerable<(string Name, string Value)> Environment()
    {
        yield return ("ASPNETCORE_URLS", FrontendUrl);
        yield return ("ASPNETCORE_ENVIRONMENT", "Production");
        yield return ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", OtlpUrl);
        if (OtlpHttpUrl is not null)
            yield return ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", OtlpHttpUrl);

        yield return ("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", ResourceServiceUrl);
        yield return ("ASPIRE_DASHBOARD_API_ENABLED", "true");
        yield return ("ASPIRE_DASHBOARD_TELEMETRY_OPTOUT", "true");
        yield return ("DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE", "ApiKey");
        yield return ("DASHBOARD__RESOURCESERVICECLIENT__APIKEY", ResourceServiceKey);
        yield return ("DASHBOARD__OTLP__AUTHMODE", "ApiKey");
        yield return ("DASHBOARD__OTLP__PRIMARYAPIKEY", OtlpKey);
        if (BrowserToken is null)
        {
            // Whoever sees the pages may as well read what they show.
            yield return ("DASHBOARD__FRONTEND__AUTHMODE", "Unsecured");
            yield return ("DASHBOARD__API__AUTHMODE", "Unsecured");
            yield break;
        }

        yield return ("DASHBOARD__FRONTEND__AUTHMODE", "BrowserToken");
        yield return ("DASHBOARD__FRONTEND__BROWSERTOKEN", BrowserToken);
        yield return ("DASHBOARD__API__AUTHMODE", "ApiKey");
        yield return ("DASHBOARD__API__PRIMARYAPIKEY", ApiKey);
    }

    /// <summary>Every address the dashboard or its resource service listens on, with the setting it comes from.</summary>
    public IEnumerable<(string Setting, Uri Url)> Addresses()
    {
        yield return ("ASPNETCORE_URLS", new Uri(FrontendUrl));
        yield return ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", new Uri(OtlpUrl));
        if (OtlpHttpUrl is not null)
            yield return ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", new Uri(OtlpHttpUrl));

        yield return ("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", new Uri(ResourceServiceUrl));
    }

    private static string FreeUrl() => $"http://localhost:{Ports.Free()}";

    private static string Key() => RandomNumberGenerator.GetHexString(KeyBytes * 2, lowercase: true);

    private static void Check(string? url, bool unsecured)
    {
        if (url is null)
            return;

        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new DistributedApplicationException($"'{url}' is no URL for the dashboard.");

        if (address.Scheme == "https")
            throw new DistributedApplicationException($"'{url}': this subset of Aspire serves the dashboard by http only. Use http and set ASPIRE_ALLOW_UNSECURED_TRANSPORT=true.");

        if (!unsecured)
            throw new DistributedApplicationException($"'{url}' is http: set ASPIRE_ALLOW_UNSECURED_TRANSPORT=true to allow it.");
    }
}
