using System.Text.Json;

namespace Worker.Watchdog;

/// <summary>What one look at a condition says.</summary>
public enum Verdict
{
    Clear,
    Bad,

    /// <summary>Between the threshold that opens and the one that clears: whatever was, stays.</summary>
    Between,
}

/// <summary>A look at a condition: the verdict, words for a person, and the figures behind it.</summary>
public sealed record Finding(Verdict Verdict, string Summary = "", params IReadOnlyList<(string Name, object? Value)> Figures)
{
    public static readonly Finding Clear = new(Verdict.Clear);
    public static readonly Finding Between = new(Verdict.Between);

    public static Finding Bad(string summary, params IReadOnlyList<(string Name, object? Value)> figures) => new(Verdict.Bad, summary, figures);

    /// <summary>Name of the figure that lists what it is about, when whoever was told must hear of additions.</summary>
    public const string About = "About";

    private const string Separator = ", ";

    public static string List(IEnumerable<string> subjects) => string.Join(Separator, subjects);

    /// <summary>Whether it is about something that <paramref name="details"/>, of the look before, were not.</summary>
    public bool IsNewsAfter(string details)
    {
        if (Figures.FirstOrDefault(figure => figure.Name == About).Value is not string now) return false;
        var before = JsonSerializer.Deserialize<Dictionary<string, string>>(details)!.GetValueOrDefault(About, "");
        return now.Split(Separator).Except(before.Split(Separator)).Any();
    }

    public string Details => JsonSerializer.Serialize(Figures.ToDictionary(figure => figure.Name, figure => Convert.ToString(figure.Value, System.Globalization.CultureInfo.InvariantCulture)));
}
