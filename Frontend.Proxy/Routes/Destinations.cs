using Yarp.ReverseProxy.Configuration;

namespace Frontend.Proxy.Routes;

/// <summary>
/// Where a service is, as Aspire's service discovery says it: <c>services__api__http__0=http://localhost:5001</c>.
/// Several numbers are several instances; https addresses are used instead of http ones where both are given.
/// </summary>
public static class Destinations
{
    /// <summary>The addresses of one service, ready for YARP.</summary>
    /// <exception cref="InvalidOperationException">No address is configured, or one is not an absolute http(s) URL.</exception>
    public static IReadOnlyDictionary<string, DestinationConfig> Of(string service, IConfiguration configuration)
    {
        var section = configuration.GetSection($"services:{service}");
        var addresses = Addresses(section.GetSection("https"));
        if (addresses.Count == 0)
            addresses = Addresses(section.GetSection("http"));

        if (addresses.Count == 0)
        {
            throw new InvalidOperationException(
                $"The proxy does not know where '{service}' is. Set services__{service}__http__0 to its URL, " +
                $"for example http://localhost:5001 (the AppHost does this with WithReference).");
        }

        return addresses.ToDictionary(
            address => $"{service}-{address.Key}",
            address => new DestinationConfig { Address = Checked(service, address.Path, address.Value!) });
    }

    private static List<IConfigurationSection> Addresses(IConfigurationSection section) =>
        [.. section.GetChildren().Where(child => !string.IsNullOrWhiteSpace(child.Value))];

    private static string Checked(string service, string key, string address)
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            return address;

        throw new InvalidOperationException(
            $"{key.Replace(":", "__", StringComparison.Ordinal)} is '{address}', which is no address of '{service}': an absolute http or https URL is expected.");
    }
}
