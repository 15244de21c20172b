using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Audit;
using Commerce.Mail;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Mail;

public sealed class MailTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task Staff_page_through_the_ledger_and_find_what_bounced()
    {
        var subject = Guid.NewGuid();
        await using (var db = shop.Open())
        {
            for (var i = 1; i <= 3; i++)
            {
                var send = new MailSend { JobId = Guid.NewGuid(), Attempt = 1, Template = "receipt", SubjectId = subject, MessageId = $"{i}@shop.test", IsAmbiguous = false };
                send.End(i == 2 ? MailSendState.Bounced : MailSendState.Sent, i == 2 ? "550 no such mailbox" : "250 ok", DateTimeOffset.UtcNow);
                db.Add(send);
            }
            await db.SaveChangesAsync();
        }
        var first = await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/mail?subjectId={subject}&limit=2"));
        Assert.Equal(2, first.GetProperty("items").GetArrayLength());
        var rest = await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/mail?subjectId={subject}&limit=2&cursor={first.GetProperty("nextCursor").GetString()}"));
        Assert.Equal((1, JsonValueKind.Null), (rest.GetProperty("items").GetArrayLength(), rest.GetProperty("nextCursor").ValueKind));
        var bounced = await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/mail?subjectId={subject}&state=bounced"));
        Assert.Equal("550 no such mailbox", Assert.Single(bounced.GetProperty("items").EnumerateArray()).GetProperty("response").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.Client.GetAsync("/api/v1/admin/mail")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Staff.GetAsync($"/api/v1/admin/mail?cursor={new string('!', 22)}")).StatusCode);
    }

    [Fact]
    public async Task A_refused_address_can_be_lifted_once_and_the_trail_names_who_did_it_and_not_the_address()
    {
        var hash = MailSuppression.HashOf("gone@example.com");
        await using (var db = shop.Open())
        {
            db.Add(new MailSuppression { AddressHash = hash, Response = "550", At = DateTimeOffset.UtcNow });
            await db.SaveChangesAsync();
        }
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 2; i++)
            answers.Add((await shop.Staff.PostAsJsonAsync("/api/v1/admin/mail/suppression-liftings", new { email = "Gone@example.com" })).StatusCode);
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NotFound], answers);
        await using var look = shop.Open();
        var line = await look.Set<AuditEntry>().SingleAsync(e => e.Action == "mail.suppression-lifted");
        Assert.Equal($"mail-address:{hash}", line.Subject);
    }

    [Fact]
    public async Task A_mail_is_stopped_by_the_one_click_of_a_mailbox_and_a_look_stops_nothing()
    {
        var subscription = new MailSubscription { AddressHash = MailSuppression.HashOf($"{Guid.NewGuid()}@shop.test"), Topic = MailTopics.LowStockDigest };
        await using (var db = shop.Open())
        {
            db.Add(subscription);
            await db.SaveChangesAsync();
        }
        var address = $"/api/v1/mail/subscriptions/{subscription.Id}";
        Assert.Contains("Stop these mails?", await (await shop.Client.GetAsync(address)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(await StoppedAtAsync(subscription.Id));

        // RFC 8058 3.2: an HTTPS POST with this body, without cookies, referrer or origin; no redirect in answer.
        for (var i = 0; i < 2; i++)
        {
            var click = await shop.Client.PostAsync(address, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
            Assert.Equal(HttpStatusCode.OK, click.StatusCode);
            Assert.Contains("These mails are stopped", await click.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.NotNull(await StoppedAtAsync(subscription.Id));

        (await shop.Client.PostAsync(address, new FormUrlEncodedContent([new("mails", "send")]))).EnsureSuccessStatusCode();
        Assert.Null(await StoppedAtAsync(subscription.Id));
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Client.PostAsync($"/api/v1/mail/subscriptions/{Guid.NewGuid()}", new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]))).StatusCode);
    }

    private async Task<DateTimeOffset?> StoppedAtAsync(Guid id)
    {
        await using var db = shop.Open();
        return (await db.Set<MailSubscription>().SingleAsync(s => s.Id == id)).StoppedAt;
    }
}
