using System.Text;
using System.Text.Json;

namespace Local.Stripe.State;

/// <summary>
/// The state file: one line per transaction, a JSON array of the objects it put. A line cut short by a kill is dropped
/// at the next start. Written through to the operating system, not forced to the disk: it survives the process, not the power.
/// </summary>
public sealed class StateLog(string folder) : IDisposable
{
    private const string FileName = "stripe.jsonl";
    private const int RewriteRatio = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string _path = Path.Combine(folder, FileName);
    private FileStream? _file;

    /// <summary>Reads the file and opens it for appending.</summary>
    /// <exception cref="InvalidDataException">A line that is not the last one cannot be read.</exception>
    public IReadOnlyList<Stored> Open()
    {
        Directory.CreateDirectory(folder);
        var live = new Dictionary<(Type, string), Stored>();
        var read = 0;
        if (File.Exists(_path))
        {
            foreach (var item in Read())
            {
                read++;
                live[(item.GetType(), item.Id)] = item;
            }
        }
        var objects = live.Values.OrderBy(item => item.Sequence).ToList();
        if (read > objects.Count * RewriteRatio || !File.Exists(_path))
            Rewrite(objects);
        _file ??= OpenForAppend();
        return objects;
    }

    public void Append(IReadOnlyList<Stored> items)
    {
        var before = _file!.Length;
        try
        {
            _file.Write(Line(items));
            _file.Flush();
        }
        catch (IOException)
        {
            _file.SetLength(before);
            throw;
        }
    }

    /// <summary>Replaces the whole file at once (a new file, then a rename).</summary>
    public void Rewrite(IReadOnlyList<Stored> items)
    {
        _file?.Dispose();
        var fresh = _path + ".new";
        using (var stream = File.Create(fresh))
        {
            foreach (var item in items)
                stream.Write(Line([item]));
            stream.Flush(flushToDisk: true);
        }
        File.Move(fresh, _path, overwrite: true);
        _file = OpenForAppend();
    }

    public void Dispose() => _file?.Dispose();

    private FileStream OpenForAppend() => new(_path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 1);

    private static byte[] Line(IReadOnlyList<Stored> items) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(items, Json), (byte)'\n'];

    private List<Stored> Read()
    {
        var items = new List<Stored>();
        var bytes = File.ReadAllBytes(_path);
        var start = 0;
        for (var number = 1; start < bytes.Length; number++)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
            {
                using var file = new FileStream(_path, FileMode.Open);
                file.SetLength(start);
                break;
            }
            items.AddRange(Parse(bytes.AsSpan(start, length), number));
            start += length + 1;
        }
        return items;
    }

    private List<Stored> Parse(ReadOnlySpan<byte> line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<List<Stored>>(line, Json) ?? [];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"Line {number} of {_path} is damaged. Delete the file to start the Stripe emulator empty. ({e.Message} {Encoding.UTF8.GetString(line[..Math.Min(line.Length, 80)])})", e);
        }
    }
}
