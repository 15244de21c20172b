using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Local.PagerDuty.Incidents;

/// <summary>An accepted event, or what a person did on the page: everything the incidents are made of.</summary>
internal sealed record LoggedEvent(DateTimeOffset At, string RoutingKey, string Action, string DedupKey, string By, JsonObject Body);

/// <summary>
/// The events' file: one line each, written before the answer. A line cut short by a kill is dropped at the next start. Written through to
/// the operating system, not forced to the disk: it survives the process, not the power.
/// </summary>
internal sealed class EventLog(string folder) : IDisposable
{
    private const string FileName = "events.jsonl";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string _path = Path.Combine(folder, FileName);
    private FileStream? _file;

    /// <summary>Reads the file and opens it for appending.</summary>
    /// <exception cref="InvalidDataException">A line that is not the last one cannot be read.</exception>
    public List<LoggedEvent> Open()
    {
        Directory.CreateDirectory(folder);
        _file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1);
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        _file.SetLength(whole);
        _file.Seek(0, SeekOrigin.End);
        return [.. Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    public void Append(LoggedEvent happened)
    {
        var before = _file!.Length;
        try
        {
            _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(happened, Json), (byte)'\n']);
            _file.Flush();
        }
        catch (IOException)
        {
            _file.SetLength(before);
            throw;
        }
    }

    public void Clear() => _file!.SetLength(0);

    public void Dispose() => _file?.Dispose();

    private LoggedEvent Parse(string line, int index)
    {
        try
        {
            return JsonSerializer.Deserialize<LoggedEvent>(line, Json) ?? throw new JsonException("The line is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"Line {index + 1} of {_path} is damaged. Delete the file to start the PagerDuty emulator empty. ({e.Message})", e);
        }
    }
}
