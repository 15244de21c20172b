using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Api.Mail;

/// <summary>
/// What Amazon SNS posts to a subscriber ("Parsing Amazon SNS message formats"):
/// <c>{ "Type": "Notification", "MessageId": "…", "TopicArn": "…", "Message": "{…}", "Timestamp": "…", "SignatureVersion": "2", "Signature": "…", "SigningCertURL": "…" }</c>.
/// </summary>
public sealed record SnsMessage(
    string Type, string MessageId, string TopicArn, string Message, string Timestamp, string SignatureVersion, string Signature,
    [property: JsonPropertyName("SigningCertURL")] string SigningCertUrl,
    string? Subject = null, string? Token = null, [property: JsonPropertyName("SubscribeURL")] string? SubscribeUrl = null)
{
    public const string Notification = "Notification", SubscriptionConfirmation = "SubscriptionConfirmation";

    /// <summary>Version 2 only: the older one is SHA-1.</summary>
    public bool IsSignedBy(RSA key)
    {
        Span<byte> signature = stackalloc byte[1024];
        return SignatureVersion == "2" && Convert.TryFromBase64String(Signature, signature, out var length)
            && key.VerifyData(Encoding.UTF8.GetBytes(Signed()), signature[..length], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <summary>What the signature is over: name and value of each line that there is, in alphabetical order ("Verifying the signatures of Amazon SNS messages").</summary>
    public string Signed() => string.Concat(new (string Name, string? Value)[]
    {
        ("Message", Message), ("MessageId", MessageId), ("Subject", Type == Notification ? Subject : null), ("SubscribeURL", Type == Notification ? null : SubscribeUrl),
        ("Timestamp", Timestamp), ("Token", Type == Notification ? null : Token), ("TopicArn", TopicArn), ("Type", Type),
    }.Where(line => line.Value is not null).Select(line => $"{line.Name}\n{line.Value}\n"));
}
