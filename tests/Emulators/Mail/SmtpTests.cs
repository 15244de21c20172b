using MailKit.Net.Smtp;
using MimeKit;

namespace Tests.Mail;

public sealed class SmtpTests : IAsyncLifetime
{
    private MailRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await MailRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task A_mail_arrives_with_its_texts_its_envelope_and_its_trace()
    {
        await _run.SendAsync(Mails.Receipt("Grüße ✓ 你好"));
        var mail = await _run.OnlyMessageAsync();
        Assert.Equal("Grüße ✓ 你好", (string?)mail["subject"]);
        Assert.Equal("ada@example.com", (string?)mail["to"]![0]);
        Assert.Equal("Thank you.\r\n.a line with a dot\r\n..and two\r\n", ((string)mail["text"]!).ReplaceLineEndings("\r\n"));
        Assert.Contains("<h1>Thank you</h1>", (string?)mail["html"], StringComparison.Ordinal);
        Assert.Equal(Mails.TraceId, (string?)mail["traceId"]);
    }

    [Fact]
    public async Task The_server_says_what_it_can()
    {
        using var client = await _run.ConnectAsync();
        Assert.Equal(26_214_400u, client.MaxSize);
        var wanted = SmtpCapabilities.Pipelining | SmtpCapabilities.EightBitMime | SmtpCapabilities.UTF8 | SmtpCapabilities.Size | SmtpCapabilities.EnhancedStatusCodes;
        Assert.Equal(wanted, client.Capabilities & wanted);
    }

    [Fact]
    public async Task Several_mails_to_several_people_go_over_one_connection()
    {
        using var client = await _run.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            var message = Mails.Receipt($"Number {i}");
            message.Bcc.Add(MailboxAddress.Parse("audit@example.com"));
            await client.SendAsync(message);
        }
        var list = await _run.ListAsync("?to=AUDIT@");
        Assert.Equal(3, (int)list["total"]!);
        Assert.Equal(["Number 2", "Number 1", "Number 0"], list["items"]!.AsArray().Select(item => (string)item!["subject"]!));
        Assert.Equal(1, (int)(await _run.ListAsync("?to=ada&subject=number%201"))["total"]!);
        Assert.Equal(0, (int)(await _run.ListAsync("?to=nobody"))["total"]!);
    }

    [Fact]
    public async Task An_address_in_another_script_arrives()
    {
        using var client = await _run.ConnectAsync();
        await client.SendAsync(FormatOptions.Default, Mails.Receipt(to: "用户@例え.jp"));
        Assert.Equal(1, (int)(await _run.ListAsync())["total"]!);
    }

    [Fact]
    public async Task An_attachment_of_ten_megabytes_arrives_byte_by_byte()
    {
        var bytes = new byte[10_000_000];
        new Random(7).NextBytes(bytes);
        var message = Mails.Receipt();
        var body = new BodyBuilder { TextBody = "See the file." };
        body.Attachments.Add("plan ü <1>.bin", bytes);
        message.Body = body.ToMessageBody();
        await _run.SendAsync(message);

        var mail = await _run.OnlyMessageAsync();
        var attachment = Assert.Single(mail["attachments"]!.AsArray())!;
        Assert.Equal("plan ü <1>.bin", (string?)attachment["name"]);
        Assert.Equal(bytes, await _run.Http.GetByteArrayAsync((string)attachment["url"]!));
    }

    [Fact]
    public async Task Two_hundred_mails_at_once_are_all_kept()
    {
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 40 }, async (i, _) => await _run.SendAsync(Mails.Receipt($"Number {i}")));
        var list = await _run.ListAsync("?limit=1000");
        Assert.Equal(200, list["items"]!.AsArray().Select(item => (string)item!["subject"]!).Distinct().Count());
        Assert.Equal(200, Directory.GetFiles(_run.Folder, "*.eml").Length);
        Assert.Empty(Directory.GetFiles(_run.Folder, "*.part"));
    }

    [Fact]
    public async Task Mails_survive_a_restart_and_half_mails_do_not()
    {
        await _run.SendAsync(Mails.Receipt());
        var before = await _run.ListAsync();
        using (var raw = await _run.RawAsync())
        {
            await raw.SayAsync("EHLO test");
            await raw.SayAsync("MAIL FROM:<a@example.com>");
            await raw.SayAsync("RCPT TO:<b@example.com>");
            await raw.SayAsync("DATA");
            await raw.WriteAsync("Subject: half\r\n\r\nand th");
        }
        await _run.RestartAsync();
        Assert.Equal(before.ToJsonString(), (await _run.ListAsync()).ToJsonString());
        Assert.Empty(Directory.GetFiles(_run.Folder, "*.part"));
    }

    [Fact]
    public async Task A_deleted_mail_is_gone_from_the_folder_too()
    {
        await _run.SendAsync(Mails.Receipt());
        var id = (string)(await _run.OnlyMessageAsync())["id"]!;
        Assert.True((await _run.Http.DeleteAsync($"/api/messages/{id}")).IsSuccessStatusCode);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await _run.Http.GetAsync($"/api/messages/{id}")).StatusCode);
        Assert.Empty(Directory.GetFiles(_run.Folder));
    }

    [Fact]
    public async Task Garbage_instead_of_a_message_is_kept_as_it_is()
    {
        using var raw = await _run.RawAsync();
        Assert.StartsWith("250", await raw.SendAsync("\u0001\u0002 no header at all: \0\0"), StringComparison.Ordinal);
        var list = await _run.ListAsync();
        Assert.Equal(1, (int)list["total"]!);
        Assert.True((await _run.Http.GetAsync($"/messages/{list["items"]![0]!["id"]}")).IsSuccessStatusCode);
    }
}
