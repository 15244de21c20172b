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

    public string Details => JsonSerializer.Serialize(Figures.ToDictionary(figure => figure.Name, figure => Convert.ToString(figure.Value, System.Globalization.CultureInfo.InvariantCulture)));
}
