using System.Globalization;

namespace Local.Stripe.Wire;

/// <summary>
/// Reads the parameters of a call. Whatever was not read when the endpoint has finished reading is refused by
/// <see cref="Done"/>: the emulator never swallows a parameter it does not act on.
/// </summary>
public sealed class Params(FormNode node, string path = "")
{
    private const int MaxText = 5000;
    private const int MaxMetadataKeys = 50;
    private const int MaxMetadataKey = 40;
    private const int MaxMetadataValue = 500;

    private readonly HashSet<string> _read = [];
    private readonly List<Params> _parts = [];

    public string Path { get; } = path;

    public string Name(string name) => Path.Length == 0 ? name : $"{Path}[{name}]";

    public bool Has(string name) => node.Children.ContainsKey(name);

    /// <summary>Whether a parameter is given as one text, not as an object or an array.</summary>
    public bool IsText(string name) => node.Children.TryGetValue(name, out var child) && child.Children.Count == 0;

    public string? Text(string name, int maxLength = MaxText)
    {
        var given = Take(name);
        if (given?.Children.Count > 0)
            throw NoText(Name(name));
        var value = given?.Text;
        if (value is { Length: 0 })
            throw StripeError.Invalid($"You passed an empty string for '{Name(name)}'. We assume empty values are an attempt to unset a parameter; however '{Name(name)}' cannot be unset. You should remove '{Name(name)}' from your request or supply a non-empty value.", Name(name), "parameter_invalid_empty");
        if (value is not null && value.Length > maxLength)
            throw StripeError.Invalid($"Invalid string: {value[..10]}…; must be at most {maxLength} characters", Name(name), "parameter_invalid_string");
        return value;
    }

    public string RequiredText(string name, int maxLength = MaxText) => Text(name, maxLength) ?? throw Required(name);

    public StripeError Required(string name) =>
        StripeError.Invalid($"Missing required param: {Name(name)}.", Name(name), "parameter_missing");

    public long? Integer(string name, long min = 0, long max = 99_999_999)
    {
        if (Text(name) is not { } text)
            return null;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            throw StripeError.Invalid($"Invalid integer: {text}", Name(name), "parameter_invalid_integer");
        if (value < min)
            throw StripeError.Invalid($"This value must be greater than or equal to {min}.", Name(name), "parameter_invalid_integer");
        if (value > max)
            throw StripeError.Invalid($"This value must be less than or equal to {max}.", Name(name), "parameter_invalid_integer");
        return value;
    }

    public long RequiredInteger(string name, long min = 0, long max = 99_999_999) => Integer(name, min, max) ?? throw Required(name);

    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw StripeError.Invalid($"Invalid boolean: {other}", Name(name)),
    };

    public string? OneOf(string name, params string[] allowed)
    {
        var value = Text(name);
        return value is null || allowed.Contains(value, StringComparer.Ordinal)
            ? value
            : throw StripeError.Invalid($"Invalid {Name(name)}: must be one of {string.Join(", ", allowed[..^1])}{(allowed.Length > 1 ? ", or " : "")}{allowed[^1]}", Name(name));
    }

    /// <summary>An absolute http or https address.</summary>
    public string? Address(string name)
    {
        var value = Text(name);
        if (value is null)
            return null;
        var sample = value.Replace("{CHECKOUT_SESSION_ID}", "id", StringComparison.Ordinal);
        return Uri.TryCreate(sample, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? value
            : throw StripeError.Invalid("Not a valid URL", Name(name), "url_invalid");
    }

    public Params? Object(string name)
    {
        var child = Take(name);
        return child is null || IsUnset(child) ? null : Part(Whole(child, "object", Name(name)), name);
    }

    public IReadOnlyList<Params> Objects(string name) =>
        Take(name) is { } list ? [.. Ordered(list, name).Select(item => Part(Whole(item.Value, "object", $"{Name(name)}[{item.Key}]"), name, item.Key))] : [];

    public IReadOnlyList<string> Texts(string name) =>
        Take(name) is { } list ? [.. Ordered(list, name).Select(item => item.Value is { Text: { } text, Children.Count: 0 }
            ? text
            : throw NoText($"{Name(name)}[{item.Key}]"))] : [];

    /// <summary>Metadata as given: an empty value unsets its key.</summary>
    public IReadOnlyDictionary<string, string> Metadata(IReadOnlyDictionary<string, string>? before = null)
    {
        var metadata = new Dictionary<string, string>(before ?? new Dictionary<string, string>());
        var given = Take("metadata");
        if (given is { Text: "" })
            metadata.Clear();
        else if (given is not null)
            Whole(given, "object", Name("metadata"));
        foreach (var (key, child) in given?.Children ?? [])
        {
            var value = (child.Children.Count == 0 ? child.Text : null) ?? throw StripeError.Invalid($"Invalid string: {Name("metadata")}[{key}]", $"{Name("metadata")}[{key}]");
            if (key.Length > MaxMetadataKey)
                throw StripeError.Invalid($"Metadata keys can have up to {MaxMetadataKey} characters, but you passed in a key with {key.Length} characters. Invalid key: {key}", Name("metadata"));
            if (value.Length > MaxMetadataValue)
                throw StripeError.Invalid($"Metadata values can have up to {MaxMetadataValue} characters, but you passed in a value that is {value.Length} characters. Invalid value: {value[..20]}…", $"{Name("metadata")}[{key}]");
            if (value.Length == 0)
                metadata.Remove(key);
            else
                metadata[key] = value;
        }
        return metadata.Count <= MaxMetadataKeys
            ? metadata
            : throw StripeError.Invalid($"Metadata can have up to {MaxMetadataKeys} keys, but you passed in {metadata.Count}.", Name("metadata"));
    }

    /// <exception cref="StripeError">A parameter nobody read.</exception>
    public void Done()
    {
        foreach (var name in node.Children.Keys)
        {
            if (!_read.Contains(name))
                throw StripeError.Invalid($"Received unknown parameter: {Name(name)}", Name(name), "parameter_unknown");
        }
        foreach (var part in _parts)
            part.Done();
    }

    private FormNode? Take(string name)
    {
        _read.Add(name);
        return node.Children.GetValueOrDefault(name);
    }

    private Params Part(FormNode child, params string[] names)
    {
        var part = new Params(child, names.Aggregate(Path, (path, name) => path.Length == 0 ? name : $"{path}[{name}]"));
        _parts.Add(part);
        return part;
    }

    private static StripeError NoText(string name) => StripeError.Invalid("Invalid string: an object or an array was given.", name, "parameter_invalid_string");

    /// <summary>An empty text: the parameter is unset, or the array is empty.</summary>
    private static bool IsUnset(FormNode child) => child is { Text: "", Children.Count: 0 };

    /// <summary>What is made of parts must not be a text (<c>expand=charge</c>, <c>metadata=x</c>): it would be taken for nothing.</summary>
    private static FormNode Whole(FormNode child, string kind, string name) =>
        child.Text is null || IsUnset(child) ? child : throw StripeError.Invalid($"Invalid {kind}", name, $"parameter_invalid_{kind}");

    private IEnumerable<KeyValuePair<string, FormNode>> Ordered(FormNode list, string name) =>
        Whole(list, "array", Name(name)).Children.OrderBy(item => int.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : throw StripeError.Invalid("Invalid array", Name(name), "parameter_invalid_array"));
}
