using Commerce.Catalog;
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
        await ExecuteAsync($"UPDATE stock_items SET is_low = on_hand < 10");
        await EnqueueAsync(new NewJob(JobKinds.AlertLowStock, new { variantId = tide }), new NewJob(JobKinds.AlertLowStock, new { variantId = Guid.NewGuid() }));
        await AllDoneAsync(2);
        var alert = Assert.Single(await Mail.MailsAsync());
        Assert.Equal("Low stock: Tide", alert.GetProperty("subject").GetString());
        Assert.Equal(["ann@oddgrain.example", "bob@oddgrain.example"], alert.GetProperty("to").EnumerateArray().Select(to => to.GetString()));

        await EnqueueAsync(new NewJob(JobKinds.SendLowStockDigest, new { }));
        await AllDoneAsync(3);
        var digest = (await Mail.MailsAsync())[0];
        Assert.Equal("Low stock today: 2", digest.GetProperty("subject").GetString());
        var text = digest.GetProperty("text").GetString()!;
        Assert.True(text.IndexOf("Moss", StringComparison.Ordinal) < text.IndexOf("Tide", StringComparison.Ordinal), text);
        Assert.DoesNotContain("Plenty", text, StringComparison.Ordinal);
        Assert.NotEqual(Guid.Empty, moss);
    }

    [Fact]
    public async Task When_nothing_is_low_the_digest_stays_away()
    {
        await StartMailerAsync();
        await EnqueueAsync(new NewJob(JobKinds.SendLowStockDigest, new { }));
        await AllDoneAsync(1);
        Assert.Empty(await Mail.MailsAsync());
    }

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
