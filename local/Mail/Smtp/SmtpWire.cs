using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Local.Mail.Smtp;

/// <summary>Lines and message data of one connection, with limits on length and silence.</summary>
internal sealed class SmtpWire(Stream stream, TimeSpan idleTimeout) : IAsyncDisposable
{
    /// <summary>RFC 5321 says 512; addresses in UTF-8 and parameters of extensions need more.</summary>
    private const int MaxLine = 2048;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
    private readonly StringBuilder _answers = new();

    /// <summary>Queues an answer; it is sent when the client has to wait for it.</summary>
    public void Answer(string line) => _answers.Append(line).Append("\r\n");

    public async Task FlushAsync(CancellationToken stopping)
    {
        if (_answers.Length == 0)
            return;
        var bytes = Encoding.UTF8.GetBytes(_answers.ToString());
        _answers.Clear();
        using var patience = Patience(stopping);
        await stream.WriteAsync(bytes, patience.Token);
    }

    /// <summary>The next command, whole within the time-out however slowly it drips; null when the client has hung up.</summary>
    public async Task<SmtpLine?> ReadLineAsync(CancellationToken stopping)
    {
        var tooLong = false;
        using var patience = Patience(stopping);
        while (true)
        {
            if (!_reader.TryRead(out var read))
            {
                await FlushAsync(stopping);
                read = await _reader.ReadAsync(patience.Token);
            }
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                var result = tooLong || line.Length > MaxLine ? new SmtpLine(null, TooLong: true) : new SmtpLine(Decode(line), TooLong: false);
                _reader.AdvanceTo(buffer.GetPosition(1, end));
                return result;
            }
            if (read.IsCompleted)
            {
                _reader.AdvanceTo(buffer.End);
                return null;
            }
            tooLong |= buffer.Length > MaxLine;
            _reader.AdvanceTo(tooLong ? buffer.End : buffer.Start, buffer.End);
        }
    }

    /// <summary>
    /// Message data up to the line with the single dot, dots unstuffed, into <paramref name="target"/>. Only CR LF . CR LF
    /// ends it, so a bare line feed cannot smuggle a second message in.
    /// </summary>
    /// <returns>Bytes of the message; more than <paramref name="maxBytes"/> are counted and thrown away.</returns>
    /// <exception cref="IOException">The client hung up before the end.</exception>
    public async Task<long> ReadDataAsync(Stream target, long maxBytes, Func<long, Task<bool>> goOn, CancellationToken stopping)
    {
        await FlushAsync(stopping);
        var dots = new DotReader();
        long size = 0;
        while (true)
        {
            using var patience = Patience(stopping);
            var read = await _reader.ReadAsync(patience.Token);
            var clean = ArrayPool<byte>.Shared.Rent((int)Math.Min(read.Buffer.Length + 4, int.MaxValue));
            try
            {
                var (written, used) = dots.Read(read.Buffer, clean);
                size += written;
                if (size <= maxBytes)
                    await target.WriteAsync(clean.AsMemory(0, written), stopping);
                _reader.AdvanceTo(read.Buffer.GetPosition(used));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(clean);
            }
            if (dots.Ended)
                return size;
            if (read.IsCompleted || !await goOn(size))
                throw new IOException("the connection ended in the middle of a message");
        }
    }

    public ValueTask DisposeAsync() => _reader.CompleteAsync();

    private CancellationTokenSource Patience(CancellationToken stopping)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(idleTimeout);
        return patience;
    }

    private static string? Decode(ReadOnlySequence<byte> line)
    {
        try
        {
            return Utf8.GetString(line).TrimEnd('\r');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}

/// <summary>A command line; no text: the bytes were not UTF-8, or it was too long.</summary>
internal readonly record struct SmtpLine(string? Text, bool TooLong);
