using Microsoft.Extensions.Options;

namespace Local.Stripe.Endpoints;

/// <summary>Where browsers reach the emulator's pages: the origin that is configured, or that of the API call.</summary>
public sealed class BrowserOrigin(IOptions<StripeOptions> options)
{
    public string Of(HttpRequest request) =>
        string.IsNullOrEmpty(options.Value.PublicUrl) ? $"{request.Scheme}://{request.Host}" : options.Value.PublicUrl.TrimEnd('/');
}
