using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;

namespace Api.Document;

/// <summary>
/// An example for every body, made from its record: what a property is called says what goes into it, its attributes what may.
/// So a new request has one without anybody writing it.
/// </summary>
internal static class Examples
{
    private const int MaxDepth = 6;

    private static readonly Dictionary<string, string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["email"] = "ann@example.com",
        ["password"] = "grain of the third print",
        ["currentPassword"] = "grain of the third print",
        ["newPassword"] = "grain of the fourth print",
        ["name"] = "Ann Öztürk",
        ["line1"] = "Karl-Marx-Allee 1",
        ["line2"] = "Second courtyard",
        ["postalCode"] = "10178",
        ["city"] = "Berlin",
        ["countryCode"] = "DE",
        ["currency"] = "EUR",
        ["sku"] = "TIDE-A3",
        ["slug"] = "tide",
        ["title"] = "Tide",
        ["basketId"] = "0f3a9c417be25d8860c1e7a4923bd5f6",
        ["role"] = "staff",
        ["reason"] = "Damaged in transit",
        ["trackingNumber"] = "00340434161094042557",
        ["url"] = "https://example.com/",
        ["alt"] = "Waves of ink on paper",
    };

    public static OpenApiOptions GiveExamples(this OpenApiOptions options) => options.AddOperationTransformer((operation, context, _) =>
    {
        var body = context.Description.ParameterDescriptions.FirstOrDefault(p => p.Source.Id == "Body")?.Type;
        if (body is not null && operation.RequestBody?.Content is { } content && content.TryGetValue("application/json", out var json)) json.Example ??= Of(body);
        return Task.CompletedTask;
    });

    internal static JsonNode? Of(Type type) => Of(type, "", null, MaxDepth);

    private static JsonNode? Of(Type type, string name, MemberInfo? member, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (depth == 0) return null;
        if (type == typeof(string)) return Text(name, member);
        if (type == typeof(bool)) return false;
        if (type == typeof(Guid)) return "0199ab3c-7d10-7c3e-9d5a-2f60a1b7c8d9";
        if (type == typeof(DateTimeOffset) || type == typeof(DateTime)) return "2026-12-01T09:00:00+00:00";
        if (type == typeof(DateOnly)) return "2026-12-01";
        if (type.IsEnum) return KnownWord.Of(Enum.GetNames(type)[0]);
        if (type.IsPrimitive || type == typeof(decimal)) return Number(type, name, member);
        if (type == typeof(JsonElement) || type == typeof(JsonNode)) return new JsonObject();
        if (ElementOf(type, typeof(IReadOnlyDictionary<,>)) is [_, var value]) return new JsonObject { ["en"] = Of(value, name, null, depth - 1) };
        if (typeof(IEnumerable).IsAssignableFrom(type)) return new JsonArray(Of(ElementOf(type, typeof(IEnumerable<>))![0], name, member, depth - 1));
        var made = new JsonObject();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0))
            made[JsonNamingPolicy.CamelCase.ConvertName(property.Name)] = Of(property.PropertyType, property.Name, property, depth - 1);
        return made;
    }

    private static Type[]? ElementOf(Type type, Type open) =>
        type.GetInterfaces().Prepend(type).FirstOrDefault(t => t.IsGenericType && t.GetGenericTypeDefinition() == open)?.GetGenericArguments();

    private static string Text(string name, MemberInfo? member)
    {
        // "staff|admin" is a list of what may be said; any other pattern is met by the word for the name.
        if (member?.GetCustomAttribute<RegularExpressionAttribute>()?.Pattern is { } pattern && Callers.Alternatives(pattern) is { } words) return words[0];
        if (member?.GetCustomAttributes().OfType<IKnownWords>().FirstOrDefault() is { } known) return known.Words[0];
        if (member?.GetCustomAttributes().OfType<IKnownPattern>().FirstOrDefault() is { } shape) return shape.Example;
        if (member?.GetCustomAttribute<AllowedValuesAttribute>()?.Values is [string first, ..]) return first;
        var text = Words.GetValueOrDefault(name) ?? "text";
        if (member is PropertyInfo { PropertyType: var whole } && whole != typeof(string)) return text; // a list's lengths are not its words
        var length = member?.GetCustomAttribute<StringLengthAttribute>();
        var max = length?.MaximumLength ?? member?.GetCustomAttribute<MaxLengthAttribute>()?.Length ?? text.Length;
        return text.Length > max ? text[..max] : text.PadRight(length?.MinimumLength ?? 0, 'x');
    }

    private static JsonNode Number(Type type, string name, MemberInfo? member)
    {
        var wanted = name.Contains("Minor", StringComparison.Ordinal) ? 2900m : 1m;
        if (member?.GetCustomAttribute<RangeAttribute>() is { } range)
            wanted = Math.Clamp(wanted, Convert.ToDecimal(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDecimal(range.Maximum, CultureInfo.InvariantCulture));
        return type == typeof(decimal) || type == typeof(double) || type == typeof(float) ? JsonValue.Create(wanted) : JsonValue.Create((long)wanted);
    }
}
