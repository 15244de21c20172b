using Bench.Servers;

namespace Bench.Replaying;

/// <summary>
/// Stands between a program and PostgreSQL and writes down what passes, statement by statement, while <see cref="Recording"/> is set.
/// That is how a yardstick gets the very SQL of the program, whatever the program is by then.
/// </summary>
internal sealed class WireTap : IAsyncDisposable
{
    private readonly Relay _relay;

    public WireTap(int server) => _relay = new Relay(server, () =>
    {
        var conversation = new Conversation(() => Recording);
        return (Heard(new Messages(isClient: true, conversation.Asked)), Heard(new Messages(isClient: false, conversation.Answered)));
    });

    public int Port => _relay.Port;

    /// <summary>Where statements go; null: they pass unseen.</summary>
    public Recording? Recording { get; set; }

    // Heard before it is passed on: an answer must not overtake its question.
    private static Passing Heard(Messages messages) => (bytes, to, cancellation) =>
    {
        messages.Feed(bytes.Span);
        return to.WriteAsync(bytes, cancellation);
    };

    public ValueTask DisposeAsync() => _relay.DisposeAsync();
}

/// <summary>Cuts a stream of PostgreSQL's protocol (version 3) into messages: a letter, a length that counts itself, a body. A client's first has no letter.</summary>
internal sealed class Messages(bool isClient, Action<char, byte[]> take)
{
    private readonly List<byte> _rest = [];
    private bool _isFirst = isClient;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        _rest.AddRange(bytes);
        while (true)
        {
            var head = _isFirst ? 0 : 1;
            if (_rest.Count < head + 4) return;
            var length = (_rest[head] << 24) | (_rest[head + 1] << 16) | (_rest[head + 2] << 8) | _rest[head + 3];
            if (_rest.Count < head + length) return;
            if (!_isFirst) take((char)_rest[0], [.. _rest.GetRange(head + 4, length - 4)]);
            _rest.RemoveRange(0, head + length);
            _isFirst = false;
        }
    }
}
