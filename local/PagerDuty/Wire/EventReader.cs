using System.Globalization;
using System.Text.Json.Nodes;

namespace Local.PagerDuty.Wire;

/// <summary>
/// Reads a body by the rules of the Events API v2 and names everything that is wrong with it. Properties the format does not know are
/// ignored, as PagerDuty ignores them.
/// </summary>
internal sealed class EventReader
{
    private const int RoutingKeyLength = 32;
    private const int MaxDedupKey = 255;
    private const int MaxSummary = 1024;

    private static readonly string[] Actions = [EventActions.Trigger, EventActions.Acknowledge, EventActions.Resolve];
    private static readonly string[] Severities = ["critical", "warning", "error", "info"];

    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Errors => _errors;

    /// <returns>Null when <see cref="Errors"/> has something to say.</returns>
    public AlertEvent? Read(JsonObject body)
    {
        var routingKey = Required(body, "routing_key", "routing_key");
        if (routingKey is not null && routingKey.Length != RoutingKeyLength)
            _errors.Add($"Length of 'routing_key' is incorrect (should be {RoutingKeyLength} characters)");
        if (routingKey is not null && !routingKey.All(char.IsAsciiLetterOrDigit))
            _errors.Add("'routing_key' cannot contain non-alphanumeric characters.");
        var action = OneOf(body, "event_action", "event_action", Actions);
        var dedupKey = action is EventActions.Acknowledge or EventActions.Resolve
            ? Required(body, "dedup_key", "dedup_key")
            : Optional(body, "dedup_key", "dedup_key");
        if (dedupKey?.Length > MaxDedupKey)
            _errors.Add($"Length of 'dedup_key' is incorrect (should be at most {MaxDedupKey} characters)");
        if (action == EventActions.Trigger)
            ReadTrigger(body);
        return _errors.Count > 0 ? null : new AlertEvent(routingKey!, action!, string.IsNullOrEmpty(dedupKey) ? Guid.NewGuid().ToString("N") : dedupKey, body);
    }

    private void ReadTrigger(JsonObject body)
    {
        Optional(body, "client", "client");
        if (Optional(body, "client_url", "client_url") is { } url)
            CheckUrl(url, "client_url", httpsOnly: false);
        foreach (var (link, at) in Objects(body, "links"))
        {
            if (Required(link, "href", $"{at}.href") is { } href)
                CheckUrl(href, $"{at}.href", httpsOnly: false);
            Optional(link, "text", $"{at}.text");
        }
        foreach (var (image, at) in Objects(body, "images"))
        {
            if (Required(image, "src", $"{at}.src") is { } source)
                CheckUrl(source, $"{at}.src", httpsOnly: true);
            if (Optional(image, "href", $"{at}.href") is { } href)
                CheckUrl(href, $"{at}.href", httpsOnly: false);
            Optional(image, "alt", $"{at}.alt");
        }
        if (body["payload"] is not JsonObject payload)
        {
            _errors.Add(body["payload"] is null ? "'payload' is missing or blank" : "'payload' must be an object");
            return;
        }
        if (Required(payload, "summary", "payload.summary")?.Length > MaxSummary)
            _errors.Add($"Length of 'payload.summary' is incorrect (should be at most {MaxSummary} characters)");
        Required(payload, "source", "payload.source");
        OneOf(payload, "severity", "payload.severity", Severities);
        foreach (var name in new[] { "component", "group", "class" })
            Optional(payload, name, $"payload.{name}");
        if (Optional(payload, "timestamp", "payload.timestamp") is { } timestamp && !IsTimestamp(timestamp))
            _errors.Add("'payload.timestamp' is invalid (must be an ISO 8601 date and time)");
        if (payload["custom_details"] is not (null or JsonObject))
            _errors.Add("'payload.custom_details' must be an object");
    }

    private IEnumerable<(JsonObject Item, string At)> Objects(JsonObject body, string name)
    {
        if (body[name] is null)
            yield break;
        if (body[name] is not JsonArray items)
        {
            _errors.Add($"'{name}' must be an array");
            yield break;
        }
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is JsonObject item)
                yield return (item, $"{name}[{i}]");
            else
                _errors.Add($"'{name}[{i}]' must be an object");
        }
    }

    private string? Required(JsonObject from, string name, string path)
    {
        var text = Optional(from, name, path);
        if (IsBlank(from[name]))
            _errors.Add($"'{path}' is missing or blank");
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    private string? Optional(JsonObject from, string name, string path)
    {
        switch (from[name])
        {
            case null:
                return null;
            case JsonValue value when value.TryGetValue<string>(out var text):
                return text;
            default:
                _errors.Add($"'{path}' must be a string");
                return null;
        }
    }

    private string? OneOf(JsonObject from, string name, string path, string[] allowed)
    {
        if (Required(from, name, path) is not { } text)
            return null;
        if (allowed.Contains(text, StringComparer.Ordinal))
            return text;
        _errors.Add($"'{path}' is invalid (must be one of the following: {string.Join(", ", allowed[..^1].Select(word => $"'{word}'"))} or '{allowed[^1]}')");
        return null;
    }

    private void CheckUrl(string text, string path, bool httpsOnly)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && !httpsOnly)))
            _errors.Add($"'{path}' is not a valid {(httpsOnly ? "HTTPS " : "")}URL");
    }

    private static bool IsBlank(JsonNode? node) => node is null || (node is JsonValue value && value.TryGetValue<string>(out var text) && string.IsNullOrWhiteSpace(text));

    // 2015-07-17T08:42:58.315+0000 (PagerDuty's own example), 2015-07-17T08:42:58Z
    private static bool IsTimestamp(string text) =>
        text.Length >= 10 && text[4] == '-' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
}
