using System.Buffers;

namespace Local.Mail.Smtp;

/// <summary>
/// Takes the transparency of RFC 5321, 4.5.2 off message data: <c>..a CR LF . CR LF</c> becomes <c>.a CR LF</c>, ended.
/// </summary>
internal sealed class DotReader
{
    private State _state = State.LineStart;

    private enum State
    {
        LineStart,
        Middle,
        Return,
        Dot,
        DotReturn,
    }

    public bool Ended { get; private set; }

    /// <summary>Reads until the input or the message ends. The target must hold the input and two bytes more.</summary>
    public (int Written, long Used) Read(ReadOnlySequence<byte> input, Span<byte> target)
    {
        var written = 0;
        long used = 0;
        foreach (var segment in input)
        {
            foreach (var value in segment.Span)
            {
                used++;
                Step(value, target, ref written);
                if (Ended)
                    return (written, used);
            }
        }
        return (written, used);
    }

    private void Step(byte value, Span<byte> target, ref int written)
    {
        switch (_state)
        {
            case State.LineStart when value == '.':
                _state = State.Dot;
                return;
            case State.Dot when value == '\r':
                _state = State.DotReturn;
                return;
            case State.DotReturn when value == '\n':
                Ended = true;
                return;
            case State.DotReturn:
                target[written++] = (byte)'\r';
                _state = State.Return;
                break;
        }
        target[written++] = value;
        _state = value == '\r' ? State.Return
            : value == '\n' && _state == State.Return ? State.LineStart
            : State.Middle;
    }
}
