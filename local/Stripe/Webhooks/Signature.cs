using System.Security.Cryptography;
using System.Text;

namespace Local.Stripe.Webhooks;

/// <summary>The <c>Stripe-Signature</c> header (docs.stripe.com/webhooks/signature): <c>t=1492774577,v1=5257a869e7…</c></summary>
public static class Signature
{
    public const string Header = "Stripe-Signature";

    public static string Of(string body, string secret, DateTimeOffset at)
    {
        var seconds = at.ToUnixTimeSeconds();
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}"));
        return $"t={seconds},v1={Convert.ToHexStringLower(mac)}";
    }
}
