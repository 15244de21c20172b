namespace Local.Mail.Smtp;

/// <summary>The argument of MAIL or RCPT: <c>FROM:&lt;name@example.com&gt; SIZE=1000 BODY=8BITMIME</c>.</summary>
internal sealed record SmtpPath(string Address, IReadOnlyList<string> Parameters)
{
    private const int MaxAddress = 320;

    public static SmtpPath? Parse(string text, string prefix)
    {
        if (!text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return null;
        var rest = text[prefix.Length..].TrimStart();
        if (!rest.StartsWith('<') || Close(rest) is not { } close)
            return null;
        var address = rest[1..close];
        // A source route (RFC 5321, appendix C: <@a,@b:name@example.com>) is to be ignored.
        if (address.StartsWith('@') && address.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            address = address[(colon + 1)..];
        var after = rest[(close + 1)..];
        return after.Length > 0 && after[0] != ' ' ? null : new SmtpPath(address, after.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The answer that refuses this address; null if it is fine.</summary>
    public string? Problem(bool utf8, bool mayBeEmpty)
    {
        if (Address.Length == 0)
            return mayBeEmpty ? null : "501 5.1.3 The address is empty";
        if (Address.Length > MaxAddress || Address.Any(char.IsControl))
            return "501 5.1.3 The address is malformed";
        if (!utf8 && !Address.All(char.IsAscii))
            return "553 5.6.7 An address outside ASCII needs SMTPUTF8";
        var at = Address.LastIndexOf('@');
        var malformed = at <= 0 || at == Address.Length - 1 || Address[(at + 1)..].Any(c => c is ' ' or '@');
        return malformed && !Address.Equals("postmaster", StringComparison.OrdinalIgnoreCase) ? "501 5.1.3 The address is malformed" : null;
    }

    /// <summary>Where the angle bracket closes, outside of a quoted local part.</summary>
    private static int? Close(string text)
    {
        var quoted = false;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && quoted)
                i++;
            else if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == '>' && !quoted)
                return i;
        }
        return null;
    }
}
