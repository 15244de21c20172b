using System.Text;

namespace Commerce.Catalog.Import;

/// <summary>
/// What stands in a cell beyond CSV's own quotes. Blanks around a text are a slip in most files, so they are dropped; a text that has them stands in
/// quotes of its own: <c>" L "</c>. So does, in a list, a value with the separator in it: <c>"Oak; light"; Ash</c>. Quotes that nothing needs are part of
/// the text, as Shopify writes them: <c>"Tide"</c>.
/// </summary>
internal static class CsvCell
{
    /// <summary>What Shopify calls the only choice of a product that has none.</summary>
    public const string DefaultOption = "Default Title";

    public static string Wrap(string text) => NeedsQuotes(text) ? $"\"{text}\"" : text;

    public static string Unwrap(string cell) => IsWrapped(cell) ? cell[1..^1] : cell;

    public static string Join(IEnumerable<string> values, char separator) =>
        string.Join($"{separator} ", values.Select(v => NeedsQuotes(v, separator) ? $"\"{v.Replace("\"", "\"\"")}\"" : v));

    /// <summary>The values, each once.</summary>
    public static List<string> Split(string cell, char separator)
    {
        var values = new List<string>();
        for (var at = 0; at < cell.Length; at++)
        {
            if (char.IsWhiteSpace(cell[at]) || cell[at] == separator) continue;
            if (Quoted(cell, at, separator) is { } quoted)
            {
                values.Add(quoted.Value);
                at = quoted.End;
                continue;
            }
            var end = cell.IndexOf(separator, at) is >= 0 and var next ? next : cell.Length;
            values.Add(cell[at..end].Trim());
            at = end;
        }
        return [.. values.Distinct()];
    }

    private static bool NeedsQuotes(string text) => text != text.Trim() || text == DefaultOption || IsWrapped(text);

    private static bool NeedsQuotes(string value, char separator) => value.Contains(separator) || value != value.Trim() || value.StartsWith('"');

    private static bool IsWrapped(string cell) => cell is ['"', _, .., '"'] && NeedsQuotes(cell[1..^1]);

    // "Oak; ""light""" ; Ash   ->   Oak; "light"   and where its separator or the end of the cell is
    private static (string Value, int End)? Quoted(string cell, int at, char separator)
    {
        if (cell[at] != '"') return null;
        var value = new StringBuilder();
        for (var i = at + 1; i < cell.Length; i++)
        {
            if (cell[i] != '"') value.Append(cell[i]);
            else if (i + 1 < cell.Length && cell[i + 1] == '"') value.Append(cell[i++]);
            else
            {
                for (i++; i < cell.Length && cell[i] != separator; i++)
                    if (!char.IsWhiteSpace(cell[i])) return null;
                return NeedsQuotes(value.ToString(), separator) ? (value.ToString(), i) : null;
            }
        }
        return null;
    }
}
