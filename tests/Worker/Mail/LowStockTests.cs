using System.Text.Json;
using Commerce.Catalog;
using Commerce.Mail;
using Commerce.Outbox;
using Commerce.Stock;
using Tests.Fixture;

namespace Tests.Worker.Mail;

public sealed class LowStockTests(PostgresFixture postgres, RedisFixture redis, MailServer mail) : MailTest(postgres, redis, mail), IClassFixture<MailServer>
{
    [Fact]
    public async Task Staff_are_told_of_a_crossing_and_once_a_day_of_everything_that_is_low()
    {
        await StartMailerAsync();
        var (moss, tide) = (await AddAsync("Moss", 1), await AddAsync("Tide", 3));
        await AddAsync("Plenty", 500);
        await AddAsync("Archived", 2);
        await ExecuteAsync($"UPDATE stock_items SET is_low = on_hand < 10");
        await ExecuteAsync($"UPDATE products SET archived_at = now(), published_at = NULL WHERE slug = 'archived'");
        // A variant that is no longer there is two mails that are not sent.
        await EnqueueAsync(new NewJob(JobKinds.AlertLowStock, new { variantId = tide }), new NewJob(JobKinds.AlertLowStock, new { variantId = Guid.NewGuid() }));
        await DoneAsync(2 + 4);
        var alerts = await Mail.MailsAsync();
        Assert.Equal([["ann@oddgrain.example"], ["bob@oddgrain.example"]], alerts.Select(To).OrderBy(to => to[0], StringComparer.Ordinal));
        Assert.All(alerts, alert => Assert.Equal("Low stock: Tide", alert.GetProperty("subject").GetString()));

        await EnqueueAsync(new NewJob(JobKinds.SendLowStockDigest, new { }));
        await DoneAsync(6 + 3);
        var digest = (await Mail.MailsAsync())[0];
        Assert.Equal("Low stock today: 2", digest.GetProperty("subject").GetString());
        var text = digest.GetProperty("text").GetString()!;
        Assert.True(text.IndexOf("Moss", StringComparison.Ordinal) < text.IndexOf("Tide", StringComparison.Ordinal), text);
        Assert.DoesNotContain("Plenty", text, StringComparison.Ordinal);
        Assert.NotEqual(Guid.Empty, moss);
    }

    [Fact]
    public async Task Who_has_stopped_a_topic_is_mailed_about_the_others_only()
    {
        await StartMailerAsync();
        var tide = await AddAsync("Tide", 3);
        await ExecuteAsync($"UPDATE stock_items SET is_low = true");
        await EnqueueAsync(new NewJob(JobKinds.AlertLowStock, new { variantId = tide }));
        await DoneAsync(3);
        var ann = (await Mail.MailsAsync()).Single(mail => To(mail)[0] == "ann@oddgrain.example");
        Assert.Equal("List-Unsubscribe=One-Click", MailServer.Header(ann, "List-Unsubscribe-Post"));
        var address = new Uri(MailServer.Header(ann, "List-Unsubscribe")!.Trim('<', '>'));
        Assert.StartsWith("http://localhost:8080/api/v1/mail/subscriptions/", address.ToString(), StringComparison.Ordinal);
        Assert.Contains(address.ToString(), ann.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains($"href=\"{address}\"", ann.GetProperty("html").GetString(), StringComparison.Ordinal);

        await using (var db = Open())
            Assert.True((await db.StopMailAsync(Guid.Parse(address.Segments[^1]), isStopped: true, DateTimeOffset.UtcNow, CancellationToken.None))!.IsStopped);
        await EnqueueAsync(new NewJob(JobKinds.AlertLowStock, new { variantId = tide }), new NewJob(JobKinds.SendLowStockDigest, new { }));
        await DoneAsync(3 + 2 + 3);
        Assert.Equal(
            ["ann Low stock today: 1", "ann Low stock: Tide", "bob Low stock today: 1", "bob Low stock: Tide", "bob Low stock: Tide"],
            (await Mail.MailsAsync()).Select(mail => $"{To(mail)[0].Split('@')[0]} {mail.GetProperty("subject").GetString()}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_address_that_bounces_does_not_keep_the_mail_from_the_others()
    {
        await StartMailerAsync();
        var tide = await AddAsync("Tide", 3);
        await ExecuteAsync($"UPDATE stock_items SET is_low = true");
        await Mail.FaultAsync(new { kind = "Refuse", at = "Recipient", code = 550, text = "no such mailbox" });
        await EnqueueAsync(new NewJob(JobKinds.AlertLowStock, new { variantId = tide }));
        await DoneAsync(3);
        Assert.Single(await Mail.MailsAsync());
        Assert.Equal([MailSendState.Sent, MailSendState.Bounced], (await LedgerAsync()).Select(send => send.State).Order());
    }

    [Fact]
    public async Task What_was_refilled_before_the_mail_went_out_is_no_news()
    {
        await StartMailerAsync();
        var tide = await AddAsync("Tide", 3);
        await ExecuteAsync($"UPDATE stock_items SET is_low = false, on_hand = 500");
        await EnqueueAsync(new NewJob(JobKinds.AlertLowStock, new { variantId = tide }));
        await DoneAsync(3);
        Assert.Empty(await Mail.MailsAsync());
    }

    [Fact]
    public async Task When_nothing_is_low_the_digest_stays_away()
    {
        await StartMailerAsync();
        await EnqueueAsync(new NewJob(JobKinds.SendLowStockDigest, new { }));
        await AllDoneAsync(1);
        Assert.Empty(await Mail.MailsAsync());
    }

    private static List<string> To(JsonElement mail) => [.. mail.GetProperty("to").EnumerateArray().Select(to => to.GetString()!)];

    /// <summary>All jobs, those that other jobs leave included.</summary>
    private Task DoneAsync(int count) => EventuallyAsync(
        async () => await RowsAsync() is var rows && rows.Count == count && rows.All(row => row.State == JobState.Done), $"{count} jobs are done");

    private async Task EnqueueAsync(params NewJob[] jobs)
    {
        await using var db = Open();
        foreach (var job in jobs) db.Enqueue(job);
        await db.SaveChangesAsync();
    }

    private async Task<Guid> AddAsync(string title, int onHand)
    {
        await using var db = Open();
        var now = DateTimeOffset.UtcNow;
        var product = new Product { Id = Guid.CreateVersion7(), Slug = title.ToLowerInvariant(), Title = title, ProductType = "Print", PublishedAt = now, CreatedAt = now, UpdatedAt = now };
        var variant = new Variant { Id = Guid.CreateVersion7(), ProductId = product.Id, Position = 1, Sku = $"{title}-1", Options = [] };
        variant.SetPrice(2900, null);
        product.Variants.Add(variant);
        var item = new StockItem { Id = Guid.CreateVersion7(), VariantId = variant.Id, LocationId = Location.MainId };
        variant.Stock.Add(item);
        db.Count(item, onHand, "test", now);
        product.Reprice();
        db.Add(product);
        await db.SaveChangesAsync();
        return variant.Id;
    }
}
