using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;

namespace Api.Accounts;

/// <summary>A certificate with its private key (RSA): PKCS#12 in base64, as a secret store hands it over.</summary>
public class ProtectionCertificate
{
    public string? Certificate { get; init; }
    public string? Password { get; init; }

    /// <exception cref="InvalidOperationException">The text is no PKCS#12, the password is another one, or there is no RSA key in it.</exception>
    internal X509Certificate2 Load()
    {
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12(Convert.FromBase64String(Certificate!), Password);
            return certificate.GetRSAPrivateKey() is not null ? certificate : throw new InvalidOperationException("The certificate under DataProtection has no RSA private key.");
        }
        catch (Exception error) when (error is FormatException or CryptographicException or ArgumentNullException)
        {
            throw new InvalidOperationException("The certificate under DataProtection cannot be read: it is a PKCS#12 file in base64, with the password it was made with.", error);
        }
    }
}

/// <summary>Configuration section <c>DataProtection</c>: what encrypts the keys of sessions where they lie in PostgreSQL. Without it they lie there as they are.</summary>
public sealed class KeyProtection : ProtectionCertificate
{
    public const string Section = "DataProtection";

    /// <summary>Certificates that were used before: keys written under them can still be read.</summary>
    public IReadOnlyList<ProtectionCertificate> Earlier { get; init; } = [];

    /// <summary>Read at start, so that a secret that is no certificate stops the Api before it serves anybody.</summary>
    internal static void Apply(IDataProtectionBuilder keys, IConfiguration configuration)
    {
        if (configuration.GetSection(Section).Get<KeyProtection>() is not { Certificate: not (null or "") } options) return;
        var current = options.Load();
        keys.ProtectKeysWithCertificate(current).UnprotectKeysWithAnyCertificate([current, .. options.Earlier.Select(e => e.Load())]);
    }
}
