using System.Text.Json;

namespace Api.Mail;

/// <summary>
/// What Amazon SES reports: <c>{ "notificationType": "Bounce", "bounce": { "bounceType": "Permanent", "bouncedRecipients": [ { "emailAddress": "…",
/// "diagnosticCode": "smtp; 550 …" } ] } }</c>, or <c>eventType</c> from a configuration set.
/// </summary>
internal static class MailReport
{
    /// <summary>The addresses that must not be written to again, and why. Empty for anything else, also for a bounce that may pass.</summary>
    public static IEnumerable<(string Address, string Words)> Read(string report)
    {
        JsonElement root;
        try
        {
            root = JsonElement.Parse(report);
        }
        catch (JsonException)
        {
            return [];
        }
        return (Text(root, "notificationType") ?? Text(root, "eventType")) switch
        {
            "Bounce" when Part(root, "bounce") is { } bounce && Text(bounce, "bounceType") == "Permanent" =>
                Recipients(bounce, "bouncedRecipients", recipient => Text(recipient, "diagnosticCode") ?? "Amazon SES reported a permanent bounce."),
            "Complaint" when Part(root, "complaint") is { } complaint => Recipients(complaint, "complainedRecipients", _ => "The reader complained."),
            _ => [],
        };
    }

    private static IEnumerable<(string, string)> Recipients(JsonElement part, string name, Func<JsonElement, string> words) =>
        Part(part, name) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(one => (Address: Text(one, "emailAddress"), Words: words(one))).Where(one => one.Address is not null).Select(one => (one.Address!, one.Words))
            : [];

    private static JsonElement? Part(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var part) ? part : null;

    private static string? Text(JsonElement element, string name) => Part(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
