using System.Diagnostics;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Worker.Mail;

/// <summary>What became of a mail.</summary>
public enum SmtpVerdict
{
    Accepted,

    /// <summary>4xx, or nobody there: not sent, may be tried again.</summary>
    Deferred,

    /// <summary>5xx: not sent, and the same mail will never be taken.</summary>
    Rejected,

    /// <summary>5xx for the recipient: there is no such mailbox.</summary>
    Bounced,

    /// <summary>The whole mail was written and the answer never came: perhaps sent.</summary>
    Unknown,
}

/// <param name="Verdict">What became of the mail.</param>
/// <param name="Response">The server's words with their code (RFC 5321 4.2), or the connection's failure.</param>
/// <param name="Cause">The exception behind anything but acceptance.</param>
public sealed record SmtpResult(SmtpVerdict Verdict, string Response, Exception? Cause = null);

/// <summary>Sends one mail per connection. Never throws for what the network or the server does: it says what is known.</summary>
public sealed class SmtpGateway(IOptions<SmtpOptions> options)
{
    private static readonly ActivitySource Source = new("Worker");

    /// <summary>RFC 5321 4.2.3 and RFC 7504, in answer to RCPT. 552 (full) and 554 (policy) say nothing about whether the mailbox exists.</summary>
    private static readonly int[] NoSuchMailbox = [550, 551, 553, 556];

    public MailboxAddress From { get; } = MailboxAddress.Parse(options.Value.From);

    /// <exception cref="OperationCanceledException">Cancelled before the server was given the mail.</exception>
    public async Task<SmtpResult> SendAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        using var span = Source.StartActivity("smtp send", ActivityKind.Client)?
            .SetTag("network.protocol.name", "smtp").SetTag("server.address", options.Value.Host).SetTag("server.port", options.Value.Port)
            .SetTag("email.message_id", mail.MessageId);
        if (Activity.Current?.Id is { } traceParent) mail.Headers.Replace("traceparent", traceParent);

        var result = await TalkAsync(mail, cancellationToken);
        span?.SetTag("smtp.response", result.Response);
        if (result.Verdict != SmtpVerdict.Accepted) span?.SetStatus(ActivityStatusCode.Error, result.Verdict.ToString());
        return result;
    }

    private async Task<SmtpResult> TalkAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        using var wire = new EndOfData();
        using var client = new SmtpClient(wire) { Timeout = (int)options.Value.AnswerWithin.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(options.Value.Host, options.Value.Port, options.Value.Security, cancellationToken);
            // With DATA there is one moment from which the server may have accepted; BDAT would need another watch.
            client.Capabilities &= ~SmtpCapabilities.Chunking;
            if (options.Value.UserName is { } user)
                await client.AuthenticateAsync(user, options.Value.Password ?? "", cancellationToken);
            var response = await client.SendAsync(mail, cancellationToken);
            await SayGoodbyeAsync(client);
            return new SmtpResult(SmtpVerdict.Accepted, response);
        }
        catch (SmtpCommandException no)
        {
            var verdict = (int)no.StatusCode < 500 ? SmtpVerdict.Deferred
                : no.ErrorCode == SmtpErrorCode.RecipientNotAccepted && NoSuchMailbox.Contains((int)no.StatusCode) ? SmtpVerdict.Bounced : SmtpVerdict.Rejected;
            return new SmtpResult(verdict, $"{(int)no.StatusCode} {no.Message}", no);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !wire.IsSent)
        {
            throw;
        }
        catch (Exception broken) when (broken is IOException or TimeoutException or ProtocolException or OperationCanceledException
            or System.Net.Sockets.SocketException or AuthenticationException or SslHandshakeException or ServiceNotConnectedException or ServiceNotAuthenticatedException)
        {
            return new SmtpResult(wire.IsSent ? SmtpVerdict.Unknown : SmtpVerdict.Deferred, broken.Message, broken);
        }
    }

    /// <summary>The mail is out: a server that hangs at QUIT changes nothing.</summary>
    private static async Task SayGoodbyeAsync(SmtpClient client)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await client.DisconnectAsync(quit: true, patience.Token);
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or ProtocolException or OperationCanceledException)
        {
            // Nothing is lost with this connection.
        }
    }
}
