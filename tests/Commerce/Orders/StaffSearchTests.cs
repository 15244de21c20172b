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
        Assert.Empty(await WalkAsync(@"aX\"));

        // PostgreSQL's own count of what it used; it is told a moment after the statement.
        for (var i = 0; i < 600 && await UsedAsync() == 0; i++) await Task.Delay(100);
        Assert.True(await UsedAsync() > 0, "The search reads all orders.");

        Task<long> UsedAsync() => db.Database.SqlQuery<long>($"SELECT COALESCE(idx_scan, 0) AS \"Value\" FROM pg_stat_user_indexes WHERE indexrelname = 'ix_orders_email_prefix'").SingleAsync();
    }

    [Fact]
    public async Task An_order_is_found_by_words_that_begin_words_of_the_recipients_name_by_an_index_and_page_by_page()
    {
        await using var db = shop.Open();
        string[] names = ["Anna Smithson", "Jean-Luc O’Brien", "U\u0308nal, Łukasz", "A.Smith/Jones", "ＡＮＮＡ SMITH", "Ann Asmith", "山田太郎", "Anna Smith"];
        var variant = await shop.AddVariantAsync(stock: 9);
        foreach (var name in names) await PlaceAsync(variant, name);
        // All are settled but one, and so is a crowd.
        await db.Orders.Where(o => o.ShippingAddress.Name != "Anna Smith").ExecuteUpdateAsync(set => set.SetProperty(o => o.Status, OrderStatus.Paid));
        await AddOthersAsync(db, "Expired");

        await FindsAsync("smith", "Anna Smith", "ＡＮＮＡ SMITH", "A.Smith/Jones", "Anna Smithson");
        await FindsAsync("anna smi", "Anna Smith", "ＡＮＮＡ SMITH", "Anna Smithson");
        await FindsAsync("  SMITH,anna ", "Anna Smith", "ＡＮＮＡ SMITH", "Anna Smithson");
        await FindsAsync("smithson anna", "Anna Smithson");
        await FindsAsync("ünal", "U\u0308nal, Łukasz");
        await FindsAsync("łukasz u\u0308n", "U\u0308nal, Łukasz");
        await FindsAsync("ÜNAL ŁU", "U\u0308nal, Łukasz");
        await FindsAsync("unal lukasz", "U\u0308nal, Łukasz");
        await FindsAsync("o'brien", "Jean-Luc O’Brien");
        await FindsAsync("luc", "Jean-Luc O’Brien");
        await FindsAsync("山田", "山田太郎");
        await FindsAsync("smith -jones", "A.Smith/Jones");
        await FindsAsync("mith");
        await FindsAsync("smith nobody");

        for (var i = 0; i < 600 && await UsedAsync() == 0; i++) await Task.Delay(100);
        Assert.True(await UsedAsync() > 0, "The search reads all orders.");

        async Task FindsAsync(string search, params string[] found) => Assert.Equal(found, (await WalkAsync(search)).Select(o => o.Name));

        Task<long> UsedAsync() => db.Database.SqlQuery<long>($"SELECT COALESCE(idx_scan, 0) AS \"Value\" FROM pg_stat_user_indexes WHERE indexrelname = 'ix_orders_recipient'").SingleAsync();
    }

    [Theory]
    [InlineData("Søren Ærø", "soren aer", "SØREN ærø", "Sören aero")]
    [InlineData("Jörg Weiß", "jorg weiss", "JÖRG WEISS", "jo\u0308rg weiß", "Jörg WEIẞ")]
    [InlineData("Đorđe Þórsson", "dorde thorsson", "đorđe þó")]
    [InlineData("İpek Çağrı", "ipek cagri", "IPEK ÇAĞRI", "İPEK çağrı")]
    [InlineData("Ωνάσης Αριστοτέλης", "ωνασης", "ΩΝΆΣΗΣ αριστοτ")]
    [InlineData("Ёлкин Андрей", "елкин", "ёлкин андреи", "АНДРЕЙ")]
    [InlineData("가영 がく", "가", "がく")]
    public async Task A_recipient_is_found_with_and_without_accents(string name, params string[] searches)
    {
        var variant = await shop.AddVariantAsync(stock: 9);
        await PlaceAsync(variant, name);
        await PlaceAsync(variant, "각 かく"); // begins as the last of them would, were its marks taken for accents
        foreach (var search in searches) Assert.Equal([name], (await WalkAsync(search)).Select(o => o.Name));
    }

    [Fact]
    public async Task Marks_alone_and_signs_that_are_crossed_out_are_no_words()
    {
        await PlaceAsync(await shop.AddVariantAsync(stock: 9), "Nobody Else");
        foreach (var search in (string[])["\u0301", "\u00b4", "\u2260", "\u0385 \u0300\u036f"]) Assert.Empty(await WalkAsync(search));
    }

    [Theory]
    [InlineData("' unclosed")]
    [InlineData("\\ unclosed")]
    [InlineData(@"unclosed\'quote:*")]
    [InlineData("unclosed & !smith | (x <-> y)")]
    [InlineData("unclosed:* &")]
    [InlineData("\uff07 unclosed\uff1a\uff0a \ufe68\uff06")] // what NFKC makes quotes, colons, backslashes and ampersands of
    [InlineData("\ud800 unclosed \udc00")]
    [InlineData("$1 {0} %s unclosed")]
    [InlineData("' \\ & :*")]
    public async Task Whatever_is_typed_is_words_and_no_query(string search) => Assert.Empty(await WalkAsync(search));

    [Fact]
    public async Task The_longest_word_is_found_by_its_beginning()
    {
        var name = new string('\u3316', 120); // of each, NFKC makes six characters
        await PlaceAsync(await shop.AddVariantAsync(stock: 9), name);
        foreach (var search in (string[])[name, new string('\u3316', 254), "キロ"]) Assert.Equal([name], (await WalkAsync(search)).Select(o => o.Name));
    }

    private async Task PlaceAsync(Guid variant, string name, string? email = null)
    {
        var wish = TestShop.Wish(await shop.FillBasketAsync((variant, 1)));
        Assert.Null((await shop.Desk.PlaceAsync(wish with { Email = email ?? $"{Guid.NewGuid():N}@example.com", ShippingAddress = wish.ShippingAddress with { Name = name } }, CancellationToken.None)).Refusal);
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
            await PlaceAsync(variant, "Zoe", email);
        await AddOthersAsync(db, "AwaitingPayment");
    }

    private static async Task AddOthersAsync(ShopDb db, string status)
    {
        var crowd = Guid.NewGuid().ToString("N");
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO orders SELECT r.* FROM generate_series(1, {Others}) AS n, (SELECT * FROM orders LIMIT 1) o,
                LATERAL jsonb_populate_record(NULL::orders, to_jsonb(o) || jsonb_build_object(
                    'id', gen_random_uuid(), 'number', 'OG-' || substr(md5({crowd} || n), 1, 12), 'basket_id', md5({crowd} || n), 'email', 'shopper' || n || '@example.com',
                    'status', {status}, 'shipping_address_name', 'Crowd Nr' || n)) r
            """);
        await db.Database.ExecuteSqlAsync($"ANALYZE orders");
    }
}
