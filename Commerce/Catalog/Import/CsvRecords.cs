using System.Buffers;
using System.Text;

namespace Commerce.Catalog.Import;

/// <summary>
/// Streams the records of a CSV file (RFC 4180, strictly). A record with broken quotes or a wrong number of fields costs only its first line:
/// reading goes on with the next one, instead of taking the rest of the file for one field.
/// </summary>
internal sealed class CsvRecords : IDisposable
{
    /// <summary>Most lines and characters of one record; beyond, an opened quote counts as never closed. A line has no more characters either.</summary>
    internal const int MaxLines = 2000;
    internal const int MaxCharacters = 1024 * 1024;

    /// <summary>Most columns of a file.</summary>
    internal const int MaxFields = 2000;

    /// <summary>What stands for bytes that are no text in the encoding of the file: code points that are no characters (unicode.org/faq/private_use.html#nonchar1), two, for one alone a product may have.</summary>
    private const string Undecodable = "\uFFFF\uFDD0";
    private const int Utf8 = 65001;
    private const int Windows1252 = 1252;
    private static readonly SearchValues<byte> NotAscii = SearchValues.Create([(byte)'\n', (byte)'\r', .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);

    private readonly FileStream _file;
    private readonly StreamReader _reader;
    private readonly Stack<string> _again = new();
    private readonly ImportReport _report;
    private long _line;
    private int _width;

    public CsvRecords(string path, ImportReport report)
    {
        _report = report;
        var encoding = Strict(DetectEncoding(path));
        report.Encoding = encoding.CodePage == Windows1252 ? "Windows-1252" : encoding.WebName.ToUpperInvariant();
        _file = File.OpenRead(path);
        // The mark at its start is known already, and passed over; detecting it again would forget what stands for bytes that are no text.
        _reader = new StreamReader(_file, encoding, detectEncodingFromByteOrderMarks: false, bufferSize: 64 * 1024);
    }

    /// <summary>Share of the file that has been read, from 0 to 1.</summary>
    public double Share => _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    /// <summary>The next record with the line it starts on; null at the end. The first record, the header, sets how many fields each must have.</summary>
    /// <exception cref="ImportFileException">The header cannot be read.</exception>
    public (long Line, string[] Fields)? Read()
    {
        while (true)
        {
            var lines = new List<string>();
            if (NextLine() is not { } first) return null;
            if (string.IsNullOrWhiteSpace(first)) continue;
            var start = _line;
            if (IsTooLong(first))
            {
                if (_width == 0) throw new ImportFileException($"The first line, the header, has more than {MaxCharacters} characters.");
                _report.Add(start, "", $"The line has more than {MaxCharacters} characters.");
                continue;
            }
            lines.Add(first);
            var (open, length) = (HasOddQuotes(first), first.Length);
            while (open && lines.Count < MaxLines && length < MaxCharacters && NextLine() is { } more)
            {
                lines.Add(more);
                length += more.Length;
                open ^= HasOddQuotes(more);
            }
            open |= IsTooLong(lines[^1]);
            var record = WithoutEnd(string.Concat(lines));
            var fields = open ? null : Parse(record);
            if (fields is not null && (_width == 0 || fields.Length == _width))
            {
                if (!record.Contains(Undecodable, StringComparison.Ordinal))
                {
                    if (fields.Length > MaxFields) throw new ImportFileException($"A file has at most {MaxFields} columns, this one {fields.Length}.");
                    _width = fields.Length;
                    return (start, fields);
                }
                if (_width == 0) throw new ImportFileException($"The header has bytes that are not {_report.Encoding}.");
                _report.Add(start, ImportProblem.Encoding, $"There are bytes in it that are not {_report.Encoding}, as the rest of the file is.");
                continue;
            }
            _report.Add(start, "", open ? "A quote is opened and never closed." : fields is null ? "The quotes are broken." : $"{fields.Length} fields instead of {_width}.");
            GiveBack(lines);
        }
    }

    public void Dispose() => _reader.Dispose();

    // a,"b ""quoted"", with comma",,c   ->   [a] [b "quoted", with comma] [] [c]
    private static string[]? Parse(string record)
    {
        var fields = new List<string>();
        for (var at = 0; at <= record.Length; at++)
        {
            if (at == record.Length || record[at] != '"')
            {
                var end = record.IndexOf(',', at) is >= 0 and var comma ? comma : record.Length;
                if (record.AsSpan(at, end - at).Contains('"')) return null;
                fields.Add(record[at..end]);
                at = end;
                continue;
            }
            var close = ClosingQuote(record, at + 1);
            if (close < 0 || (close + 1 < record.Length && record[close + 1] != ',')) return null;
            fields.Add(record[(at + 1)..close].Replace("\"\"", "\""));
            at = close + 1;
        }
        return [.. fields];
    }

    /// <summary>Index of the quote that ends the field: the first that is not doubled; -1 when there is none.</summary>
    private static int ClosingQuote(string record, int at)
    {
        while ((at = record.IndexOf('"', at)) >= 0 && at + 1 < record.Length && record[at + 1] == '"') at += 2;
        return at;
    }

    private string? NextLine()
    {
        var line = _again.TryPop(out var again) ? again : ReadLine();
        if (line is not null) _line++;
        return line;
    }

    /// <summary>A line with its end, which belongs to the text where a field goes on; null at the end of the file. Of one that is too long only the beginning is kept.</summary>
    private string? ReadLine()
    {
        var line = new StringBuilder();
        for (int read; (read = _reader.Read()) >= 0;)
        {
            if (line.Length <= MaxCharacters) line.Append((char)read);
            if (read == '\n' || (read == '\r' && _reader.Peek() != '\n')) break;
        }
        return line.Length == 0 ? null : line.ToString();
    }

    private static bool IsTooLong(string line) => line.Length > MaxCharacters;

    private static string WithoutEnd(string record) => record.EndsWith("\r\n", StringComparison.Ordinal) ? record[..^2] : record.EndsWith('\n') || record.EndsWith('\r') ? record[..^1] : record;

    /// <summary>Everything but the first line will be read again.</summary>
    private void GiveBack(List<string> lines)
    {
        for (var i = lines.Count - 1; i > 0; i--) _again.Push(lines[i]);
        _line -= lines.Count - 1;
    }

    private static bool HasOddQuotes(string line) => (line.AsSpan().Count('"') & 1) == 1;

    private static Encoding Strict(int codePage)
    {
        var (encode, decode) = (EncoderFallback.ReplacementFallback, new DecoderReplacementFallback(Undecodable));
        return CodePagesEncodingProvider.Instance.GetEncoding(codePage, encode, decode) ?? Encoding.GetEncoding(codePage, encode, decode);
    }

    /// <summary>
    /// What the mark at its start says; else UTF-8, unless there are bytes that cannot be and not one line with others than ASCII is. Such a file is from an
    /// old spreadsheet, which writes Windows-1252; what it calls Latin-1 is that too (encoding.spec.whatwg.org).
    /// </summary>
    private static int DetectEncoding(string path)
    {
        using (var marked = new StreamReader(path, Encoding.UTF8, detectEncodingFromByteOrderMarks: true))
        {
            marked.Peek();
            if (marked.CurrentEncoding.CodePage != Utf8) return marked.CurrentEncoding.CodePage;
        }
        using var file = File.OpenRead(path);
        var (buffer, kept) = (new byte[64 * 1024], 0);
        var (isUtf8, isOther, hasOther) = (false, false, false); // of the line; of any line
        while (true)
        {
            var read = file.Read(buffer, kept, buffer.Length - kept);
            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, kept + read);
            while (bytes.IndexOfAny(NotAscii) is >= 0 and var next)
            {
                bytes = bytes[next..];
                var length = 1;
                if (bytes[0] < 0x80)
                {
                    if (isUtf8 && !isOther) return Utf8;
                    (isUtf8, isOther) = (false, false);
                }
                else if (Rune.DecodeFromUtf8(bytes, out _, out length) is var status && status == OperationStatus.NeedMoreData && read > 0) break;
                else if (status == OperationStatus.Done) isUtf8 = true;
                else isOther = hasOther = true;
                bytes = bytes[length..];
            }
            kept = bytes.IndexOfAny(NotAscii) < 0 ? 0 : bytes.Length;
            bytes[..kept].CopyTo(buffer);
            if (read == 0) return hasOther && !(isUtf8 && !isOther) ? Windows1252 : Utf8;
        }
    }
}
