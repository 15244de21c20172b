using MimeKit;

namespace Tests.Mail;

internal static class Mails
{
    public const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    public static MimeMessage Receipt(string subject = "Your receipt OG-7K3M", string to = "ada@example.com")
    {
        var message = new MimeMessage
        {
            Subject = subject,
            Body = new BodyBuilder
            {
                TextBody = "Thank you.\n.a line with a dot\n..and two\n",
                HtmlBody = "<!doctype html><html><head><title>x</title></head><body><h1>Thank you</h1><script>alert(1)</script></body></html>",
            }.ToMessageBody(),
        };
        message.From.Add(new MailboxAddress("Oddgrain", "shop@oddgrain.example"));
        message.To.Add(MailboxAddress.Parse(to));
        message.Headers.Add("traceparent", $"00-{TraceId}-b7ad6b7169203331-01");
        return message;
    }
}
