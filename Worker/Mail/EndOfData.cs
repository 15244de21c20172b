using MailKit;

namespace Worker.Mail;

/// <summary>
/// Watches what is written to a mail server for the end of the mail, a line with a single dot (RFC 5321 4.1.1.4). Only from there on can the
/// server have accepted it; dots that begin a line of the mail itself are doubled on the wire.
/// </summary>
internal sealed class EndOfData : IProtocolLogger
{
    private static ReadOnlySpan<byte> Mark => "\r\n.\r\n"u8;
    private int _matched;

    /// <summary>The end of a mail has been written.</summary>
    public bool IsSent { get; private set; }

    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    public void LogConnect(Uri uri) => _matched = 0;

    public void LogClient(byte[] buffer, int offset, int count)
    {
        foreach (var octet in buffer.AsSpan(offset, count))
        {
            // On a mismatch only a CR can begin the mark anew: no proper prefix of it ends with another one.
            _matched = octet == Mark[_matched] ? _matched + 1 : octet == Mark[0] ? 1 : 0;
            if (_matched < Mark.Length) continue;
            IsSent = true;
            _matched = 0;
        }
    }

    public void LogServer(byte[] buffer, int offset, int count)
    {
        // Answers come as exceptions and return values.
    }

    public void Dispose()
    {
        // Owns nothing.
    }
}
