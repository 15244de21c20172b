namespace Commerce.Audit;

/// <summary>
/// What an edit changed, field by field, for the details of its line: <c>{ "title": { "from": "Tide", "to": "Ebb" } }</c>. Null stands where there was or is
/// nothing. So that a line stays small, of a text longer than <see cref="MaxText"/> or a list longer than <see cref="MaxList"/> only the part from shortly
/// before the first difference is kept, with … for what is left out, and only the first <see cref="MaxFields"/> fields are told.
/// </summary>
public sealed class AuditChanges
{
    /// <summary>Characters; a slug or a title is always told whole.</summary>
    public const int MaxText = 255;

    /// <summary>Elements.</summary>
    public const int MaxList = 20;

    public const int MaxFields = 50;

    /// <summary>How many characters, or elements, that are the same come before the first difference.</summary>
    private const int SameCharacters = 20;
    private const int SameElements = 2;

    private const string LeftOut = "…";

    private readonly Dictionary<string, AuditChange> _fields = [];

    /// <summary>By the fields' names.</summary>
    public IReadOnlyDictionary<string, AuditChange> Fields => _fields;

    /// <summary>Fields that changed too and are not told.</summary>
    public int MoreCount { get; private set; }

    /// <summary>Keeps the field if its value is another one; an empty text or list is as good as none.</summary>
    /// <param name="from">A text, a list of texts, or a value that JSON has or that becomes an object.</param>
    public void Add(string field, object? from, object? to)
    {
        if (IsSame(from, to)) return;
        if (_fields.Count == MaxFields) MoreCount++;
        else _fields.Add(field, new AuditChange(Excerpt(from, to), Excerpt(to, from)));
    }

    private static bool IsSame(object? from, object? to) => (from, to) switch
    {
        (null or "" or IReadOnlyList<string> { Count: 0 }, null or "" or IReadOnlyList<string> { Count: 0 }) => true,
        (IReadOnlyList<string> before, IReadOnlyList<string> after) => before.SequenceEqual(after),
        _ => Equals(from, to),
    };

    private static object? Excerpt(object? value, object? other) => value switch
    {
        string text => Excerpt(text, other as string ?? ""),
        IReadOnlyList<string> list => Excerpt(list, other as IReadOnlyList<string> ?? []),
        _ => value,
    };

    private static string Excerpt(string text, string other)
    {
        if (text.Length <= MaxText) return text;
        var start = Math.Max(0, text.AsSpan().CommonPrefixLength(other) - SameCharacters);
        var part = text[start..].CutTo(MaxText);
        return $"{(start > 0 ? LeftOut : "")}{part}{(start + MaxText < text.Length ? LeftOut : "")}";
    }

    private static List<string> Excerpt(IReadOnlyList<string> list, IReadOnlyList<string> other)
    {
        var same = list.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        var start = list.Count <= MaxList ? 0 : Math.Max(0, same - SameElements);
        var part = list.Skip(start).Take(MaxList).Select(element => Excerpt(element, ""));
        return [.. start > 0 ? [LeftOut] : Array.Empty<string>(), .. part, .. start + MaxList < list.Count ? [LeftOut] : Array.Empty<string>()];
    }
}

/// <summary>What a field held before an edit, and what after it.</summary>
public sealed record AuditChange(object? From, object? To);
