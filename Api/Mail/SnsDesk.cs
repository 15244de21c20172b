using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Api.Mail;

/// <summary>Tells Amazon's messages from anybody's, and answers its question whether this topic is wanted here.</summary>
public sealed class SnsDesk(IHttpClientFactory http, IOptions<SesOptions> options, ILogger<SnsDesk> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Amazon changes its certificate about once a year; the addresses come from it, so there are few.
    private readonly ConcurrentDictionary<Uri, byte[]> _certificates = new();

    /// <summary>Whether it is of our topic and signed by the certificate it names, which must lie at Amazon.</summary>
    public async Task<bool> IsGenuineAsync(SnsMessage message, CancellationToken cancellation)
    {
        if (message.TopicArn != options.Value.TopicArn || !IsAtAmazon(message.SigningCertUrl, out var address)) return false;
        try
        {
            if (!_certificates.TryGetValue(address, out var bytes)) bytes = await GetAsync(address, cancellation);
            using var certificate = X509CertificateLoader.LoadCertificate(bytes);
            using var key = certificate.GetRSAPublicKey();
            if (key is null || !message.IsSignedBy(key)) return false;
            _certificates[address] = bytes;
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <returns>False when the address to confirm at is not Amazon's.</returns>
    public async Task<bool> ConfirmAsync(SnsMessage message, CancellationToken cancellation)
    {
        if (message.SubscribeUrl is null || !IsAtAmazon(message.SubscribeUrl, out var address)) return false;
        await GetAsync(address, cancellation);
        logger.LogInformation("Subscribed to {Topic}", message.TopicArn);
        return true;
    }

    private bool IsAtAmazon(string text, out Uri address) => Uri.TryCreate(text, UriKind.Absolute, out address!)
        && options.Value.Address is { } amazon && address.GetLeftPart(UriPartial.Authority) == amazon.GetLeftPart(UriPartial.Authority);

    private async Task<byte[]> GetAsync(Uri address, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        return await http.CreateClient(nameof(SnsDesk)).GetByteArrayAsync(address, limit.Token);
    }
}
