using System.Text;

namespace Local.Demo.Catalog;

/// <summary>RFC 4180 with LF line ends: <c>a,"b ""c"", d"</c>. Quotes only where they are needed.</summary>
internal static class Csv
{
    public static string Line(IEnumerable<string> fields) => string.Join(',', fields.Select(Quoted)) + "\n";

    public static IEnumerable<List<string>> Records(string text)
    {
        var (record, field, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c != '"') field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') field.Append(text[i++]);
                else quoted = false;
            }
            else if (c == '"') quoted = true;
            else if (c == ',') Close(record, field);
            else if (c == '\n')
            {
                Close(record, field);
                yield return record;
                record = [];
            }
            else if (c != '\r') field.Append(c);
        }

        if (record.Count == 0 && field.Length == 0) yield break;
        Close(record, field);
        yield return record;
    }

    private static void Close(List<string> record, StringBuilder field)
    {
        record.Add(field.ToString());
        field.Clear();
    }

    private static string Quoted(string field) => field.AsSpan().ContainsAny(',', '"', '\n') ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
