using System.Diagnostics;
using MailKit.Net.Smtp;

namespace Tests.Mail;

public sealed class SmtpFaultTests : IAsyncLifetime
{
    private MailRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await MailRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Theory]
    [InlineData("Mail", 451)]
    [InlineData("Recipient", 550)]
    [InlineData("Data", 421)]
    [InlineData("End", 554)]
    public async Task A_refusal_has_its_code_and_the_next_mail_is_taken(string at, int code)
    {
        await _run.FaultAsync(new { kind = "Refuse", at, code });
        using (var client = await _run.ConnectAsync())
        {
            var refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Mails.Receipt()));
            Assert.Equal(code, (int)refusal.StatusCode);
        }
        Assert.Equal(0, (int)(await _run.ListAsync())["total"]!);
        await _run.SendAsync(Mails.Receipt());
        Assert.Equal(1, (int)(await _run.ListAsync())["total"]!);
    }

    [Fact]
    public async Task One_bad_address_is_refused_and_the_others_of_the_mail_are_not()
    {
        await _run.FaultAsync(new { kind = "Refuse", at = "Recipient", recipient = "gone@", code = 550 });
        using var raw = await _run.RawAsync();
        await raw.SayAsync("EHLO test");
        await raw.SayAsync("MAIL FROM:<a@example.com>");
        Assert.StartsWith("250", await raw.SayAsync("RCPT TO:<ada@example.com>"), StringComparison.Ordinal);
        Assert.StartsWith("550", await raw.SayAsync("RCPT TO:<gone@example.com>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await raw.SayAsync("RCPT TO:<bob@example.com>"), StringComparison.Ordinal);
        await raw.SayAsync("DATA");
        Assert.StartsWith("250", await raw.SayAsync("Subject: x\r\n\r\n."), StringComparison.Ordinal);
        Assert.Equal(2, (await _run.OnlyMessageAsync())["to"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_delayed_answer_comes_late_and_good()
    {
        await _run.FaultAsync(new { kind = "Delay", milliseconds = 1500 });
        var watch = Stopwatch.StartNew();
        await _run.SendAsync(Mails.Receipt());
        Assert.InRange(watch.Elapsed.TotalSeconds, 1.4, 15);
        Assert.Equal(1, (int)(await _run.ListAsync())["total"]!);
    }

    [Fact]
    public async Task A_server_that_hangs_in_the_message_keeps_nothing_and_serves_others_meanwhile()
    {
        await _run.FaultAsync(new { kind = "Hang", milliseconds = 60_000 });
        using var hung = await _run.ConnectAsync();
        hung.Timeout = 1500;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1.5));
        await Assert.ThrowsAnyAsync<Exception>(() => hung.SendAsync(Mails.Receipt(), patience.Token));
        await _run.SendAsync(Mails.Receipt("Other"));
        Assert.Equal("Other", (string?)(await _run.OnlyMessageAsync())["subject"]);
    }

    [Fact]
    public async Task A_connection_lost_in_the_message_keeps_nothing()
    {
        await _run.FaultAsync(new { kind = "DropInData" });
        using var client = await _run.ConnectAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(Mails.Receipt()));
        Assert.Equal(0, (int)(await _run.ListAsync())["total"]!);
        Assert.Empty(Directory.GetFiles(_run.Folder));
    }

    [Fact]
    public async Task A_connection_lost_before_the_250_leaves_the_client_in_doubt_and_the_mail_kept()
    {
        await _run.FaultAsync(new { kind = "DropAfterAccept", messages = 2 });
        for (var i = 0; i < 2; i++)
        {
            using var client = await _run.ConnectAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(Mails.Receipt()));
        }
        Assert.Equal(2, (int)(await _run.ListAsync())["total"]!);
    }
}
