using System.Globalization;

namespace Local.Demo.Rendering;

/// <summary>
/// What lies in the folder and which version made it. Lines are appended as files land (<c>name tab version tab bytes</c>, the last one counts),
/// so a run that was killed loses nothing; a torn last line is ignored.
/// </summary>
internal sealed class Ledger : IDisposable
{
    private const string FileName = "manifest.tsv";
    private readonly Dictionary<string, (string Version, long Bytes)> _entries = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly Lock _gate = new();
    private StreamWriter? _writer;

    public Ledger(string folder)
    {
        _folder = folder;
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return;
        foreach (var line in File.ReadLines(path))
        {
            var part = line.Split('\t');
            if (part.Length == 3 && long.TryParse(part[2], CultureInfo.InvariantCulture, out var bytes)) _entries[part[0]] = (part[1], bytes);
        }
    }

    /// <summary>True if the file lies there complete and was made by that version.</summary>
    public bool Holds(string file, string version) =>
        _entries.TryGetValue(file, out var entry) && entry.Version == version && new FileInfo(Path.Combine(_folder, file)) is { Exists: true } info && info.Length == entry.Bytes;

    public IReadOnlyList<string> Files => [.. _entries.Keys];

    public void Add(string file, string version, long bytes)
    {
        lock (_gate)
        {
            _entries[file] = (version, bytes);
            _writer ??= Open();
            _writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}\t{version}\t{bytes}"));
            _writer.Flush();
        }
    }

    /// <summary>Forgets files that are gone and writes the list anew, in one piece.</summary>
    public void Compact(IEnumerable<string> forget)
    {
        lock (_gate)
        {
            _writer?.Dispose();
            _writer = null;
            foreach (var file in forget) _entries.Remove(file);
            var path = Path.Combine(_folder, FileName);
            File.WriteAllLines(path + ".new", _entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Key}\t{e.Value.Version}\t{e.Value.Bytes}")));
            File.Move(path + ".new", path, overwrite: true);
        }
    }

    public void Dispose() => _writer?.Dispose();

    private StreamWriter Open()
    {
        var path = Path.Combine(_folder, FileName);
        var torn = File.Exists(path) && new FileInfo(path).Length > 0;
        var writer = new StreamWriter(path, append: true);
        if (torn) writer.WriteLine();
        return writer;
    }
}
