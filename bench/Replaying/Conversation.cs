using System.Buffers.Binary;
using System.Text;

namespace Bench.Replaying;

/// <summary>Follows one connection: which statement each bind means, which bound values belong to each execution, and what came of it.</summary>
internal sealed class Conversation(Func<Recording?> recording)
{
    private readonly Dictionary<string, (string Sql, uint[] Types)> _prepared = [];
    private readonly Queue<RecordedStep> _unanswered = new();
    private readonly Lock _lock = new();
    private readonly object _connection = new();
    private (string Sql, RecordedValue[] Values) _bound = ("", []);

    /// <summary>A message of the client.</summary>
    public void Asked(char kind, byte[] body)
    {
        var reader = new WireReader(body);
        switch (kind)
        {
            case 'P':
                var name = reader.Text();
                var sql = reader.Text();
                _prepared[name] = (sql, [.. Enumerable.Range(0, reader.Int16()).Select(_ => (uint)reader.Int32())]);
                break;
            case 'B':
                reader.Text();
                var (text, types) = _prepared[reader.Text()];
                int[] formats = [.. Enumerable.Range(0, reader.Int16()).Select(_ => reader.Int16())];
                RecordedValue[] values = [.. Enumerable.Range(0, reader.Int16()).Select(i => new RecordedValue(
                    i < types.Length ? types[i] : 0, (formats.Length switch { 0 => 0, 1 => formats[0], _ => formats[i] }) == 1, reader.Bytes(reader.Int32())))];
                _bound = (text, values);
                break;
            case 'E':
                Ask(new RecordedStep(_connection, RecordedKind.Statement, _bound.Sql, _bound.Values));
                break;
            case 'Q':
                var query = reader.Text();
                Ask(new RecordedStep(_connection, query.Split(' ')[0].ToUpperInvariant() switch
                {
                    "BEGIN" => RecordedKind.Begin,
                    "COMMIT" => RecordedKind.Commit,
                    "ROLLBACK" => RecordedKind.Rollback,
                    "DISCARD" or "RESET" or "SET" or "CLOSE" or "UNLISTEN" => RecordedKind.Reset,
                    _ => RecordedKind.Statement,
                }, query, []));
                recording()?.Add(new RecordedStep(_connection, RecordedKind.Sync, "", []));
                break;
            case 'S':
                recording()?.Add(new RecordedStep(_connection, RecordedKind.Sync, "", []));
                break;
        }
    }

    /// <summary>A message of the server: a completed command says how many rows, as in <c>UPDATE 1</c>.</summary>
    public void Answered(char kind, byte[] body)
    {
        if (kind is not ('C' or 'Z' or 'I')) return;
        lock (_lock)
        {
            if (kind == 'Z')
            {
                // ReadyForQuery: a reset may have been several commands in one message.
                while (_unanswered.TryPeek(out var step) && step.Kind == RecordedKind.Reset) _unanswered.Dequeue();
            }
            else if (_unanswered.TryPeek(out var next) && next.Kind != RecordedKind.Reset)
            {
                _unanswered.Dequeue();
                next.Outcome = kind == 'I' ? "" : new WireReader(body).Text();
            }
        }
    }

    private void Ask(RecordedStep step)
    {
        lock (_lock) _unanswered.Enqueue(step);
        recording()?.Add(step);
    }

    /// <summary>Reads a message's body: integers are big-endian, texts end with a zero.</summary>
    private sealed class WireReader(byte[] body)
    {
        private int _at;

        public int Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

        public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

        /// <returns>Null for the length -1, which means NULL.</returns>
        public byte[]? Bytes(int length) => length < 0 ? null : Take(length).ToArray();

        public string Text()
        {
            var end = Array.IndexOf(body, (byte)0, _at);
            var text = Encoding.UTF8.GetString(body, _at, end - _at);
            _at = end + 1;
            return text;
        }

        private ReadOnlySpan<byte> Take(int count) => body.AsSpan((_at += count) - count, count);
    }
}
