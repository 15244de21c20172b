using System.Net;
using MimeKit;
using MimeKit.Utils;

namespace Tests.Mail;

public sealed class MailPagesTests : IAsyncLifetime
{
    private MailRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await MailRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task A_mail_s_html_is_shown_as_a_stranger_s()
    {
        await _run.SendAsync(Mails.Receipt());
        var id = (string)(await _run.OnlyMessageAsync())["id"]!;
        var page = await _run.Http.GetStringAsync($"/messages/{id}");
        Assert.Contains($"src=\"/messages/{id}/html\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(1)", page, StringComparison.Ordinal);
        Assert.Contains(Mails.TraceId, page, StringComparison.Ordinal);

        using var html = await _run.Http.GetAsync($"/messages/{id}/html");
        var policy = html.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-scripts", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_headers_are_encoded_on_every_page()
    {
        await _run.SendAsync(Mails.Receipt("<img src=x onerror=alert(1)>\"'"));
        var id = (string)(await _run.OnlyMessageAsync())["id"]!;
        foreach (var path in new[] { "/", $"/messages/{id}", $"/messages/{id}?view=text", $"/messages/{id}?view=headers", $"/messages/{id}?view=source", "/?q=%3Cimg" })
        {
            var page = await _run.Http.GetStringAsync(path);
            Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_picture_inside_the_mail_is_shown_from_the_mail()
    {
        var body = new BodyBuilder();
        var picture = body.LinkedResources.Add("dot.png", [0x89, 0x50, 0x4E, 0x47]);
        picture.ContentId = MimeUtils.GenerateMessageId();
        body.HtmlBody = $"<p><img src=\"cid:{picture.ContentId}\"></p>";
        var message = Mails.Receipt();
        message.Body = body.ToMessageBody();
        await _run.SendAsync(message);
        var id = (string)(await _run.OnlyMessageAsync())["id"]!;
        Assert.Contains($"src=\"/messages/{id}/parts/0\"", await _run.Http.GetStringAsync($"/messages/{id}/html"), StringComparison.Ordinal);
        using var part = await _run.Http.GetAsync($"/messages/{id}/parts/0");
        Assert.Equal("image/png", part.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task An_attached_page_is_downloaded_and_never_shown()
    {
        var body = new BodyBuilder { TextBody = "x" };
        body.Attachments.Add("evil.html", "<script>alert(1)</script>"u8.ToArray(), new ContentType("text", "html"));
        var message = Mails.Receipt();
        message.Body = body.ToMessageBody();
        await _run.SendAsync(message);
        var id = (string)(await _run.OnlyMessageAsync())["id"]!;
        using var part = await _run.Http.GetAsync($"/messages/{id}/parts/0");
        Assert.Equal(("application/octet-stream", "attachment"), (part.Content.Headers.ContentType!.MediaType, part.Content.Headers.ContentDisposition!.DispositionType));
    }

    [Fact]
    public async Task A_mail_that_is_not_there_cannot_be_deleted_on_its_page()
    {
        using var response = await _run.Http.PostAsync("/messages/nothing/delete", null);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("No such message", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_site_s_page_cannot_delete_mails()
    {
        await _run.SendAsync(Mails.Receipt());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/messages/delete");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var response = await _run.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(1, (int)(await _run.ListAsync())["total"]!);
    }

    [Fact]
    public async Task A_mail_nobody_sent_is_not_found()
    {
        foreach (var path in new[] { "/messages/nothing", "/messages/..%2F..%2Fetc%2Fpasswd", "/messages/nothing/html", "/messages/nothing/parts/0", "/api/messages/nothing/source" })
            Assert.Equal(HttpStatusCode.NotFound, (await _run.Http.GetAsync(path)).StatusCode);
    }
}
