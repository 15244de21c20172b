using System.Diagnostics;
using MailKit.Net.Smtp;

namespace Tests.Mail;

/// <summary>Commands in the wrong order, too long, too many, too slow.</summary>
public sealed class SmtpManners
{
    [Theory]
    [InlineData("MAIL FROM:<a@example.com>", "503")]
    [InlineData("DATA", "503")]
    [InlineData("EHLO", "501")]
    [InlineData("AUTH PLAIN AAAA", "502")]
    [InlineData("STARTTLS", "502")]
    [InlineData("GET / HTTP/1.1", "500")]
    [InlineData("VRFY ada", "252")]
    [InlineData("NOOP", "250")]
    [InlineData("QUIT", "221")]
    public async Task A_command_before_the_greeting_is_answered_by_the_book(string command, string code)
    {
        await using var run = await MailRun.StartAsync();
        using var raw = await run.RawAsync();
        Assert.StartsWith(code, await raw.SayAsync(command), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MAIL FROM:a@example.com", "501")]
    [InlineData("MAIL FROM:<a>", "501")]
    [InlineData("MAIL FROM:<a@example.com> SIZE=999999999", "552")]
    [InlineData("MAIL FROM:<a@example.com> SIZE=99999999999999999999999", "555")]
    [InlineData("MAIL FROM:<a@example.com> COLOR=red", "555")]
    [InlineData("MAIL FROM:<ä@example.com>", "553")]
    [InlineData("MAIL FROM:<ä@example.com> SMTPUTF8", "250")]
    [InlineData("MAIL FROM:<> BODY=8BITMIME", "250")]
    [InlineData("MAIL FROM: <\"a b>c\"@example.com>", "250")]
    [InlineData("mail from:<@relay.example:a@example.com> size=10", "250")]
    [InlineData("RCPT TO:<b@example.com>", "503")]
    public async Task A_sender_is_taken_or_refused_by_the_book(string command, string code)
    {
        await using var run = await MailRun.StartAsync();
        using var raw = await run.RawAsync();
        await raw.SayAsync("EHLO test");
        Assert.StartsWith(code, await raw.SayAsync(command), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_conversation_in_one_packet_is_answered_in_order()
    {
        await using var run = await MailRun.StartAsync();
        using var raw = await run.RawAsync();
        await raw.SayAsync("EHLO test");
        await raw.WriteAsync("MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nRCPT TO:<nonsense>\r\nDATA\r\n");
        foreach (var code in new[] { "250", "250", "501", "354" })
            Assert.StartsWith(code, await raw.ReadAsync(), StringComparison.Ordinal);
        await raw.WriteAsync("Subject: piped\r\n\r\n..\r\n.\r\nNOOP\r\nQUIT\r\n");
        foreach (var code in new[] { "250", "250", "221" })
            Assert.StartsWith(code, await raw.ReadAsync(), StringComparison.Ordinal);
        Assert.Null(await raw.ReadAsync());
        Assert.Equal("piped", (string?)(await run.OnlyMessageAsync())["subject"]);
    }

    [Theory]
    [InlineData("\n.\n")]
    [InlineData("\n.\r\n")]
    [InlineData("\r.\r")]
    [InlineData("\r\n.\n")]
    [InlineData("\r\n.\rX\r\n")]
    public async Task Only_a_dot_between_proper_line_ends_ends_a_message(string smuggled)
    {
        await using var run = await MailRun.StartAsync();
        using var raw = await run.RawAsync();
        Assert.StartsWith("250", await raw.SendAsync($"Subject: one\r\n\r\nfirst{smuggled}MAIL FROM:<evil@example.com>\r\nRCPT TO:<x@example.com>\r\nDATA\r\nSubject: two"), StringComparison.Ordinal);
        Assert.Equal("one", (string?)(await run.OnlyMessageAsync())["subject"]);
        Assert.StartsWith("250", await raw.SayAsync("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_and_the_connection_lives_on()
    {
        await using var run = await MailRun.StartAsync("--Mail:MaxMessageBytes", "20000");
        using var client = await run.ConnectAsync();
        var message = Mails.Receipt();
        message.Body = new MimeKit.TextPart { Text = string.Concat(Enumerable.Repeat("a line of text\r\n", 5000)) };
        await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(message));

        using var raw = await run.RawAsync();
        Assert.StartsWith("552", await raw.SendAsync(string.Concat(Enumerable.Repeat("a line of text\r\n", 5000))), StringComparison.Ordinal);
        Assert.StartsWith("250", await raw.SendAsync("Subject: small\r\n\r\nx"), StringComparison.Ordinal);
        Assert.Equal("small", (string?)(await run.OnlyMessageAsync())["subject"]);
    }

    [Fact]
    public async Task An_endless_line_is_refused_without_being_kept_in_memory()
    {
        await using var run = await MailRun.StartAsync();
        using var raw = await run.RawAsync();
        await raw.WriteAsync(new byte[5_000_000]);
        Assert.StartsWith("500 5.5.6", await raw.SayAsync(""), StringComparison.Ordinal);
        Assert.StartsWith("250", await raw.SayAsync("EHLO test"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_talks_only_nonsense_is_hung_up_on()
    {
        await using var run = await MailRun.StartAsync();
        using var raw = await run.RawAsync();
        var answers = new List<string?>();
        for (var i = 0; i < 22; i++)
            answers.Add(await raw.SayAsync("NONSENSE"));
        Assert.Contains(answers, answer => answer?.StartsWith("421", StringComparison.Ordinal) == true);
        Assert.Null(await raw.ReadAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_silent_client_is_hung_up_on_in_the_middle_of_a_message_too(bool inData)
    {
        await using var run = await MailRun.StartAsync("--Mail:IdleTimeout", "00:00:01");
        using var raw = await run.RawAsync();
        if (inData)
        {
            await raw.SayAsync("EHLO test");
            await raw.SayAsync("MAIL FROM:<a@example.com>");
            await raw.SayAsync("RCPT TO:<b@example.com>");
            await raw.SayAsync("DATA");
        }
        await raw.WriteAsync("Subj");
        var watch = Stopwatch.StartNew();
        Assert.StartsWith("421 4.4.2", await raw.ReadAsync(), StringComparison.Ordinal);
        Assert.Null(await raw.ReadAsync());
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.5, 10);
        Assert.Equal(0, (int)(await run.ListAsync())["total"]!);
    }

    [Fact]
    public async Task One_client_too_many_is_told_to_come_back()
    {
        await using var run = await MailRun.StartAsync("--Mail:MaxConnections", "2");
        using var first = await run.RawAsync();
        using var second = await run.RawAsync();
        using var third = new RawSmtp(new System.Net.Sockets.TcpClient("127.0.0.1", run.Port));
        Assert.StartsWith("421", await third.ReadAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250", await first.SayAsync("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_in_the_error()
    {
        await using var run = await MailRun.StartAsync();
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => MailRun.StartAsync("--Mail:SmtpPort", run.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Contains($"127.0.0.1:{run.Port}", failure.Message, StringComparison.Ordinal);
    }
}
