using Local.Mail.Mailbox;

namespace Local.Mail.Smtp;

/// <summary>One client's conversation (RFC 5321; SIZE 1870, 8BITMIME 6152, PIPELINING 2920, SMTPUTF8 6531, ENHANCEDSTATUSCODES 2034).</summary>
internal sealed class SmtpSession(Stream stream, MailOptions options, MessageStore store, SmtpFaults faults, TimeProvider time, ILogger log)
{
    private const int MaxRecipients = 100;
    private const int MaxErrors = 20;
    private const string Name = "mail.localhost";

    private readonly SmtpWire _wire = new(stream, options.IdleTimeout);
    private string? _client;
    private string? _sender;
    private bool _utf8;
    private readonly List<string> _recipients = [];
    private SmtpFault? _fault;
    private int _errors;

    public async Task RunAsync(CancellationToken stopping)
    {
        await using (_wire)
        {
            try
            {
                _wire.Answer($"220 {Name} ESMTP Letter Tray, a test server that delivers nothing");
                while (await _wire.ReadLineAsync(stopping) is { } line && await HandleAsync(line, stopping))
                {
                    if (_errors <= MaxErrors)
                        continue;
                    _wire.Answer("421 4.7.0 Too many errors, closing");
                    break;
                }
            }
            catch (OperationCanceledException)
            {
                _wire.Answer(stopping.IsCancellationRequested ? "421 4.3.2 The server is shutting down" : "421 4.4.2 Waited too long, closing");
            }
            await _wire.FlushAsync(CancellationToken.None);
        }
    }

    /// <returns>Whether the conversation goes on.</returns>
    private async Task<bool> HandleAsync(SmtpLine line, CancellationToken stopping)
    {
        if (line.Text is null)
            return Refuse(line.TooLong ? "500 5.5.6 Line too long" : "500 5.5.2 The line is not UTF-8");
        var space = line.Text.IndexOf(' ', StringComparison.Ordinal);
        var verb = (space < 0 ? line.Text : line.Text[..space]).ToUpperInvariant();
        var rest = space < 0 ? "" : line.Text[(space + 1)..].Trim();
        switch (verb)
        {
            case "EHLO" or "HELO":
                return Greet(verb, rest);
            case "MAIL":
                return await MailAsync(rest, stopping);
            case "RCPT":
                return await RecipientAsync(rest, stopping);
            case "DATA":
                return await DataAsync(rest, stopping);
            case "RSET":
                Forget();
                return Answer("250 2.0.0 Forgotten");
            case "NOOP":
                return Answer("250 2.0.0 Still here");
            case "VRFY" or "EXPN":
                return Answer("252 2.1.5 Send it and see");
            case "HELP":
                return Answer("214 2.0.0 EHLO HELO MAIL RCPT DATA RSET NOOP VRFY QUIT");
            case "QUIT":
                _wire.Answer("221 2.0.0 Bye");
                return false;
            case "STARTTLS" or "AUTH" or "BDAT" or "TURN" or "ETRN":
                return Refuse("502 5.5.1 Not offered here");
            default:
                return Refuse("500 5.5.2 Unknown command");
        }
    }

    private bool Greet(string verb, string client)
    {
        if (client.Length == 0)
            return Refuse($"501 5.5.4 Say {verb} and your name");
        Forget();
        _client = client;
        if (verb == "HELO")
            return Answer($"250 {Name}");
        foreach (var extension in new[] { Name, "PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES" })
            _wire.Answer($"250-{extension}");
        return Answer($"250 SIZE {options.MaxMessageBytes}");
    }

    private async Task<bool> MailAsync(string rest, CancellationToken stopping)
    {
        if (_client is null)
            return Refuse("503 5.5.1 Say EHLO first");
        if (_sender is not null)
            return Refuse("503 5.5.1 One MAIL at a time");
        if (SmtpPath.Parse(rest, "FROM:") is not { } path)
            return Refuse("501 5.5.4 Like this: MAIL FROM:<name@example.com>");
        var utf8 = false;
        foreach (var parameter in path.Parameters)
        {
            var value = parameter.Split('=', 2);
            switch (value[0].ToUpperInvariant())
            {
                case "SIZE" when value.Length == 2 && ulong.TryParse(value[1], out var size):
                    if (size > (ulong)options.MaxMessageBytes)
                        return Refuse($"552 5.3.4 A message may have {options.MaxMessageBytes} bytes");
                    break;
                case "BODY" when value.Length == 2 && value[1].ToUpperInvariant() is "7BIT" or "8BITMIME":
                    break;
                case "SMTPUTF8" when value.Length == 1:
                    utf8 = true;
                    break;
                default:
                    return Refuse($"555 5.5.4 Unknown parameter {value[0]}");
            }
        }
        if (path.Problem(utf8, mayBeEmpty: true) is { } problem)
            return Refuse(problem);
        _fault = faults.Take();
        if (await StrikesAsync(SmtpStage.Mail, stopping))
            return true;
        (_sender, _utf8) = (path.Address, utf8);
        return Answer("250 2.1.0 Sender fine");
    }

    private async Task<bool> RecipientAsync(string rest, CancellationToken stopping)
    {
        if (_sender is null)
            return Refuse("503 5.5.1 Say MAIL first");
        if (SmtpPath.Parse(rest, "TO:") is not { } path)
            return Refuse("501 5.5.4 Like this: RCPT TO:<name@example.com>");
        if (path.Parameters.Count > 0)
            return Refuse($"555 5.5.4 Unknown parameter {path.Parameters[0]}");
        if (path.Problem(_utf8, mayBeEmpty: false) is { } problem)
            return Refuse(problem);
        if (_recipients.Count >= MaxRecipients)
            return Answer($"452 4.5.3 {MaxRecipients} recipients at most");
        var before = _fault;
        _fault ??= faults.Take(path.Address);
        if (await StrikesAsync(SmtpStage.Recipient, stopping))
        {
            // Only this recipient is refused; the others of the same message go on.
            _fault = before is null ? null : before with { Kind = SmtpFaultKind.Delay, Milliseconds = 0 };
            return true;
        }
        _recipients.Add(path.Address);
        return Answer("250 2.1.5 Recipient fine");
    }

    private async Task<bool> DataAsync(string rest, CancellationToken stopping)
    {
        if (rest.Length > 0)
            return Refuse("501 5.5.4 DATA has no parameters");
        if (_sender is null || _recipients.Count == 0)
            return Refuse(_sender is null ? "503 5.5.1 Say MAIL first" : "554 5.5.1 No valid recipients");
        if (await StrikesAsync(SmtpStage.Data, stopping))
        {
            Forget();
            return true;
        }
        _wire.Answer("354 End with a line that has one dot");
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        hurry.CancelAfter(options.DataTimeout);
        await using var incoming = store.Receive(new Envelope(_sender, [.. _recipients], _client!, time.GetUtcNow()));
        var size = await _wire.ReadDataAsync(incoming.Content, options.MaxMessageBytes, _ => GoesOnAsync(stopping), hurry.Token);
        if (size > options.MaxMessageBytes)
        {
            Forget();
            return Answer($"552 5.3.4 A message may have {options.MaxMessageBytes} bytes");
        }
        if (_fault is { Kind: SmtpFaultKind.Hang or SmtpFaultKind.DropInData } && !await GoesOnAsync(stopping))
            return false;
        if (await StrikesAsync(SmtpStage.End, stopping))
        {
            Forget();
            return true;
        }
        var message = await incoming.KeepAsync(stopping);
        log.LogInformation("{Id} from {From} to {To}: {Subject} ({Size} bytes)", message.Id, message.From, string.Join(", ", message.To), message.Subject, size);
        if (_fault?.Kind == SmtpFaultKind.DropAfterAccept)
            throw new IOException("hung up on purpose after keeping the message");
        Forget();
        return Answer($"250 2.0.0 Kept as {message.Id}");
    }

    private async Task<bool> GoesOnAsync(CancellationToken stopping)
    {
        if (_fault?.Kind == SmtpFaultKind.Hang)
            await Task.Delay(_fault.Milliseconds, stopping);
        return _fault?.Kind is not (SmtpFaultKind.Hang or SmtpFaultKind.DropInData);
    }

    /// <returns>Whether the fault has answered in place of the ordinary answer.</returns>
    private async Task<bool> StrikesAsync(SmtpStage stage, CancellationToken stopping)
    {
        if (_fault is null || _fault.At != stage)
            return false;
        if (_fault.Kind == SmtpFaultKind.Delay)
        {
            await _wire.FlushAsync(stopping);
            await Task.Delay(_fault.Milliseconds, stopping);
        }
        if (_fault.Kind != SmtpFaultKind.Refuse)
            return false;
        return Answer($"{_fault.Code} {_fault.Code / 100}.7.0 {_fault.Text}");
    }

    private bool Answer(string line)
    {
        _wire.Answer(line);
        return true;
    }

    private bool Refuse(string line)
    {
        _errors++;
        return Answer(line);
    }

    private void Forget()
    {
        (_sender, _utf8, _fault) = (null, false, null);
        _recipients.Clear();
    }
}
