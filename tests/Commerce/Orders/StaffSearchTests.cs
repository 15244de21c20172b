using Commerce;
using Commerce.Orders;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce.Orders;

public class StaffSearchTests(TestShop shop) : IClassFixture<TestShop>
{
    private const int Others = 5_000;

    [Fact]
    public async Task An_order_is_found_by_how_its_mail_address_or_number_begins_by_an_index_and_page_by_page()
    {
        await using var db = shop.Open();
        await FillAsync(db);
        var ann = await WalkAsync("ANN.Ö");
        Assert.Equal(["ann.ö4@example.com", "Ann.Ö3@example.com", "ann.ö2@example.com", "Ann.Ö1@example.com", "ann.ö0@example.com"], ann.Select(o => o.Email));
        Assert.Equal([ann[2].Number], (await WalkAsync(ann[2].Number[..9].ToLowerInvariant().Replace("-", ""))).Select(o => o.Number));
        Assert.Equal(["a_b%c@example.com"], (await WalkAsync("a_b%")).Select(o => o.Email));
        Assert.Empty(await WalkAsync("%"));
        Assert.Empty(await WalkAsync(@"a\"));

        // PostgreSQL's own count of what it used; it is told a moment after the statement.
        for (var i = 0; i < 600 && await UsedAsync() == 0; i++) await Task.Delay(100);
        Assert.True(await UsedAsync() > 0, "The search reads all orders.");

        Task<long> UsedAsync() => db.Database.SqlQuery<long>($"SELECT COALESCE(idx_scan, 0) AS \"Value\" FROM pg_stat_user_indexes WHERE indexrelname = 'ix_orders_email_prefix'").SingleAsync();
    }

    private async Task<List<StaffOrderCard>> WalkAsync(string search)
    {
        var all = new List<StaffOrderCard>();
        string? cursor = null;
        do
        {
            await using var db = shop.Open();
            var page = (await db.ListStaffOrdersAsync(new StaffOrderQuery(2, cursor, Search: search), CancellationToken.None)).Value;
            all.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return all;
    }

    /// <summary>Orders of some years, and a few to look for, the oldest first.</summary>
    private async Task FillAsync(ShopDb db)
    {
        var variant = await shop.AddVariantAsync(stock: 9);
        foreach (var email in (string[])["ann.ö0@example.com", "Ann.Ö1@example.com", "a_b%c@example.com", "aXbYc@example.com", "ann.ö2@example.com", "Ann.Ö3@example.com", "ann.ö4@example.com"])
            Assert.Null((await shop.Desk.PlaceAsync(TestShop.Wish(await shop.FillBasketAsync((variant, 1))) with { Email = email }, CancellationToken.None)).Refusal);
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO orders SELECT r.* FROM generate_series(1, {Others}) AS n, (SELECT * FROM orders LIMIT 1) o,
                LATERAL jsonb_populate_record(NULL::orders, to_jsonb(o) || jsonb_build_object(
                    'id', gen_random_uuid(), 'number', 'OG-' || lpad(n::text, 8, '0'), 'basket_id', md5(n::text), 'email', 'shopper' || n || '@example.com')) r
            """);
        await db.Database.ExecuteSqlAsync($"ANALYZE orders");
    }
}
