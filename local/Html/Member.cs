using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Local.Web;

/// <summary>A rule of a member that says itself what it takes.</summary>
internal interface ISaysWhatIsTaken
{
    /// <summary>Goes on after "must be".</summary>
    string Words { get; }
}

/// <summary>One thing that a control can be told: its name on the wire, its rules, and what it takes in words.</summary>
internal sealed class Member
{
    private const int LongestShown = 80;

    /// <summary>Strict, so that nothing is taken for something else: no number in quotes, no number for a word.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    private readonly Type _type;
    private readonly bool _takesNull;
    private readonly ValidationAttribute[] _rules;
    private readonly string _words;

    private Member(PropertyInfo property)
    {
        Name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        _type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        _takesNull = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        _rules = [.. property.GetCustomAttributes<ValidationAttribute>()];
        _words = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? WordsOf(_type, _rules);
    }

    public string Name { get; }

    public bool IsRequired { get; }

    public string Words => IsRequired ? _words + "; required" : _words;

    public static IReadOnlyList<Member> Of(Type type) => [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).Select(property => new Member(property))];

    /// <summary>What a text of a query or a form means for this member; where it means nothing, the text, which is refused then.</summary>
    public JsonNode Read(string text)
    {
        if (_type == typeof(bool) && text is "true" or "false")
            return JsonValue.Create(text == "true");
        if (_type.IsPrimitive && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return JsonValue.Create(whole);
        if (_type.IsPrimitive && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            return JsonValue.Create(number);
        return JsonValue.Create(text);
    }

    /// <returns>What is wrong with the value, or null.</returns>
    public string? Problem(JsonNode? value)
    {
        if (value is null ? _takesNull : Fits(value))
            return null;
        var shown = value?.ToJsonString() ?? "null";
        return $"{Name} must be {_words}, not {(shown.Length > LongestShown ? shown[..LongestShown] + "…" : shown)}.";
    }

    private bool Fits(JsonNode value)
    {
        try
        {
            // Two names with a comma are a value of an enum too, and no word that anybody documented.
            if (_type.IsEnum && !Enum.GetNames(_type).Contains(value.Deserialize<string>(Json), StringComparer.OrdinalIgnoreCase))
                return false;
            var read = value.Deserialize(_type, Json);
            return _rules.All(rule => rule.IsValid(read));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string WordsOf(Type type, ValidationAttribute[] rules)
    {
        if (rules.OfType<ISaysWhatIsTaken>().FirstOrDefault() is { } rule)
            return rule.Words;
        if (rules.OfType<AllowedValuesAttribute>().FirstOrDefault() is { } allowed)
            return "one of " + string.Join(", ", allowed.Values);
        if (type.IsEnum)
            return "one of " + string.Join(", ", Enum.GetNames(type));
        if (type == typeof(bool))
            return "true or false";
        if (type == typeof(string))
            return "text";
        var number = type == typeof(double) ? "a number" : "a whole number";
        return rules.OfType<RangeAttribute>().FirstOrDefault() is { } range
            ? string.Create(CultureInfo.InvariantCulture, $"{number} from {range.Minimum} to {range.Maximum}")
            : number;
    }
}
