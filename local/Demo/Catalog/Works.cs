using System.Globalization;

namespace Local.Demo.Catalog;

/// <summary>One artwork: a family, a seed, a palette and a mode make its picture; the texts are ours. The id is family and seed, as in file names: <c>drift-1729</c>.</summary>
internal sealed record Work(string Id, string Title, string Palette, int Mode, string Collection, string Goods, string Look, string Note)
{
    public string Family => Id[..Id.IndexOf('-', StringComparison.Ordinal)];

    public int Seed => int.Parse(Id.AsSpan(Id.IndexOf('-', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);

    /// <summary>The title as the first part of a product's handle.</summary>
    public string Slug => string.Join('-', Title.ToLowerInvariant().Split([' ', ',', '.', '\''], StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>The authored list of works, read from <c>works.txt</c> inside the assembly.</summary>
internal static class Works
{
    public static readonly IReadOnlyList<Work> All = Read();

    public static readonly IReadOnlyDictionary<string, Work> ById = All.ToDictionary(w => w.Id, StringComparer.Ordinal);

    private static List<Work> Read()
    {
        using var stream = typeof(Works).Assembly.GetManifestResourceStream("works.txt") ?? throw new InvalidOperationException("works.txt is not embedded.");
        using var reader = new StreamReader(stream);
        var works = new List<Work>();
        string? head = null, look = null;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("look: ", StringComparison.Ordinal)) look = line[6..];
            else if (line.StartsWith("note: ", StringComparison.Ordinal)) works.Add(Parse(head!, look!, line[6..]));
            else if (line.Length > 0 && line[0] != '#') head = line;
        }

        return works;
    }

    private static Work Parse(string head, string look, string note)
    {
        var part = head.Split('|', StringSplitOptions.TrimEntries);
        return new Work(part[0], part[1], part[2], int.Parse(part[3], CultureInfo.InvariantCulture), part[4], part[5], look, note);
    }
}
