using Commerce.Jobs;
using Commerce.Mail;
using Commerce.Outbox;

namespace Tests.Commerce.Mail;

public class UnsentMailTests(TestShop shop) : IClassFixture<TestShop>
{
    [Fact]
    public async Task A_mail_that_is_still_to_be_made_is_begun_only_after_what_it_is_to_say_is_written()
    {
        var (kind, key, token) = (JobKinds.SendShippingNotice, $"fulfilment:{Guid.NewGuid()}", CancellationToken.None);
        await using var db = shop.Open();
        var id = db.Enqueue(new NewJob(kind, new { fulfilmentId = Guid.NewGuid() }, key));
        await db.SaveChangesAsync();
        await using var worker = shop.Open();
        await using (var writing = await db.Database.BeginTransactionAsync())
        {
            Assert.False(await db.HoldUnsentMailAsync([JobKinds.SendTrackingNotice], [key], token));
            Assert.True(await db.HoldUnsentMailAsync([kind], ["fulfilment:other", key], token));
            Assert.Empty(await worker.ClaimAsync([id], "test:1", token));
            await writing.CommitAsync();
        }
        Assert.Equal([id], (await worker.ClaimAsync([id], "test:1", token)).Select(row => row.Id));
        Assert.False(await db.HoldUnsentMailAsync([kind], [key], token));
    }
}
