using Commerce;
using Commerce.Orders;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce.Orders;

public class PlacingTests(TestShop shop) : IClassFixture<TestShop>
{
    [Fact]
    public async Task An_order_freezes_its_prices_reserves_its_stock_and_leaves_its_job_in_one_transaction()
    {
        var variant = await shop.AddVariantAsync(stock: 5, priceMinor: 2500);
        var basket = await shop.FillBasketAsync((variant, 2));
        var answer = await shop.Desk.PlaceAsync(TestShop.Wish(basket, expected: Money.Of(5490)), CancellationToken.None);
        Assert.Null(answer.Refusal);

        await using var db = shop.Open();
        var order = await db.Orders.Include(o => o.Lines).Include(o => o.Payment).SingleAsync(o => o.BasketId == basket);
        Assert.Equal((5000, 490, 5490, 877), (order.SubtotalMinor, order.ShippingMinor, order.TotalMinor, order.TaxIncludedMinor));
        Assert.Equal(2500, Assert.Single(order.Lines).UnitPriceMinor);
        Assert.Equal(5490, order.Payment!.AmountMinor);
        Assert.Equal(2, (await db.StockItems.SingleAsync(s => s.VariantId == variant)).Reserved);
        var job = await db.Set<OutboxRow>().SingleAsync(r => r.DedupeKey == $"order:{order.Id}");
        Assert.Equal((JobKinds.ExpireReservation, order.ReservedUntil), (job.Kind, job.RunAfter));
        await Ledger.AssertBalancesAsync(db);
    }

    [Fact]
    public async Task The_last_unit_goes_to_exactly_one_of_32_buyers()
    {
        var variant = await shop.AddVariantAsync(stock: 1);
        var baskets = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => shop.FillBasketAsync((variant, 1))));
        OrderDesk[] desks = [shop.Desk, shop.AnotherDesk(), shop.AnotherDesk()];
        var answers = await Task.WhenAll(baskets.Select((basket, i) => desks[i % desks.Length].PlaceAsync(TestShop.Wish(basket), CancellationToken.None)));

        Assert.Single(answers, a => a.Refusal is null);
        Assert.All(answers.Where(a => a.Refusal is not null), a => Assert.Equal(OrderRefusals.OutOfStock, a.Refusal!.Code));
        await using var db = shop.Open();
        Assert.Equal(1, await db.Orders.CountAsync(o => baskets.Contains(o.BasketId)));
        Assert.Equal(1, await db.Set<OutboxRow>().CountAsync(r => db.Orders.Any(o => baskets.Contains(o.BasketId) && r.DedupeKey == "order:" + o.Id.ToString())));
        await Ledger.AssertBalancesAsync(db);
    }

    [Theory]
    [InlineData(1, 0, false)] // sold to somebody else meanwhile
    [InlineData(2, 1, true)] // fewer, but enough
    public async Task Stock_that_moves_while_an_order_waits_for_it_decides_by_what_it_is_then(int before, int then, bool isPlaced)
    {
        var variant = await shop.AddVariantAsync(stock: 5);
        var basket = await shop.FillBasketAsync((variant, 1));
        await using var db = shop.Open();
        await SetAvailableAsync(before);
        Task<PlacingAnswer> placing;
        await using (var rival = await db.Database.BeginTransactionAsync())
        {
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM stock_items WHERE variant_id = {variant} FOR UPDATE");
            placing = shop.AnotherDesk().PlaceAsync(TestShop.Wish(basket), CancellationToken.None);
            while (!await db.Database.SqlQuery<bool>($"SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid::text = pg_current_xact_id()::text) AS \"Value\"").SingleAsync()) await Task.Delay(5);
            await SetAvailableAsync(then);
            await rival.CommitAsync();
        }
        var answer = await placing;

        Assert.Equal(isPlaced ? null : OrderRefusals.OutOfStock, answer.Refusal?.Code);
        Assert.Equal(isPlaced ? 1 : 0, await db.Orders.CountAsync(o => o.BasketId == basket));
        Assert.Equal(isPlaced ? 1 : 0, await db.Reservations.CountAsync(r => db.StockItems.Any(s => s.Id == r.StockItemId && s.VariantId == variant)));
        Assert.Equal(isPlaced ? then - 1 : then, await db.StockItems.Where(s => s.VariantId == variant).SumAsync(s => s.OnHand - s.Reserved));
        await Ledger.AssertBalancesAsync(db);

        Task SetAvailableAsync(int units) => db.Database.ExecuteSqlAsync($"""
            WITH s AS (SELECT id, on_hand FROM stock_items WHERE variant_id = {variant}),
            m AS (INSERT INTO stock_movements (stock_item_id, kind, on_hand_change, reserved_change, at) SELECT id, 'Adjusted', {units} - on_hand, 0, now() FROM s WHERE on_hand <> {units})
            UPDATE stock_items SET on_hand = {units} FROM s WHERE stock_items.id = s.id
            """);
    }

    [Fact]
    public async Task Who_looks_at_an_empty_shelf_is_refused_without_waiting_for_whoever_holds_it()
    {
        var variant = await shop.AddVariantAsync(stock: 1);
        var (first, second) = (await shop.FillBasketAsync((variant, 1)), await shop.FillBasketAsync((variant, 1)));
        var desk = shop.AnotherDesk();
        Assert.Null((await desk.PlaceAsync(TestShop.Wish(first), CancellationToken.None)).Refusal);
        await using var db = shop.Open();
        await using var rival = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM stock_items WHERE variant_id = {variant} FOR UPDATE");

        var wish = TestShop.Wish(second);
        var answer = await desk.PlaceAsync(wish, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(OrderRefusals.OutOfStock, answer.Refusal?.Code);
        await using var elsewhere = shop.Open();
        Assert.True((await elsewhere.IdempotencyRecords.SingleAsync(r => r.Key == wish.IdempotencyKey)).Refused);
    }

    [Fact]
    public async Task Many_orders_of_overlapping_variants_from_several_instances_neither_deadlock_nor_oversell()
    {
        var variants = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => shop.AddVariantAsync(stock: 30)));
        var random = new Random(1);
        var baskets = new List<string>();
        for (var i = 0; i < 60; i++)
            baskets.Add(await shop.FillBasketAsync([.. variants.OrderBy(_ => random.Next()).Take(3).Select(v => (v, random.Next(1, 3)))]));
        OrderDesk[] desks = [shop.AnotherDesk(), shop.AnotherDesk(), shop.AnotherDesk()];
        await Task.WhenAll(baskets.Select((basket, i) => desks[i % desks.Length].PlaceAsync(TestShop.Wish(basket), CancellationToken.None)));

        await using var db = shop.Open();
        foreach (var variant in variants)
        {
            var ordered = await db.Orders.Where(o => baskets.Contains(o.BasketId)).SelectMany(o => o.Lines).Where(l => l.VariantId == variant).SumAsync(l => l.Quantity);
            Assert.Equal(ordered, (await db.StockItems.SingleAsync(s => s.VariantId == variant)).Reserved);
        }
        await Ledger.AssertBalancesAsync(db);
    }

    [Fact]
    public async Task The_same_key_50_times_at_once_is_one_order_and_one_answer()
    {
        var variant = await shop.AddVariantAsync(stock: 100);
        var basket = await shop.FillBasketAsync((variant, 1));
        var wish = TestShop.Wish(basket);
        OrderDesk[] desks = [shop.Desk, shop.AnotherDesk()];
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => desks[i % 2].PlaceAsync(wish, CancellationToken.None)));

        Assert.All(answers.Where(a => a.Refusal is not null), a => Assert.Equal(OrderRefusals.InFlight, a.Refusal!.Code));
        var body = Assert.Single(answers.Where(a => a.Answer is not null).Select(a => a.Answer).Distinct());
        Assert.Equal(body, (await shop.Desk.PlaceAsync(wish, CancellationToken.None)).Answer);
        await using var db = shop.Open();
        Assert.Equal(1, await db.Orders.CountAsync(o => o.BasketId == basket));
        Assert.Equal(1, (await db.StockItems.SingleAsync(s => s.VariantId == variant)).Reserved);
    }

    [Fact]
    public async Task Two_tabs_with_one_basket_get_one_order()
    {
        var variant = await shop.AddVariantAsync(stock: 100);
        var basket = await shop.FillBasketAsync((variant, 1));
        OrderDesk[] desks = [shop.Desk, shop.AnotherDesk()];
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => desks[i % 2].PlaceAsync(TestShop.Wish(basket), CancellationToken.None)));

        Assert.Single(answers, a => a.Refusal is null);
        Assert.All(answers.Where(a => a.Refusal is not null), a => Assert.Equal(OrderRefusals.BasketAlreadyOrdered, a.Refusal!.Code));
        await using var db = shop.Open();
        Assert.Equal(1, await db.Orders.CountAsync(o => o.BasketId == basket));
        Assert.Equal(1, (await db.StockItems.SingleAsync(s => s.VariantId == variant)).Reserved);
    }

    [Fact]
    public async Task A_key_that_was_used_for_another_request_is_refused()
    {
        var variant = await shop.AddVariantAsync(stock: 5);
        var (first, second) = (await shop.FillBasketAsync((variant, 1)), await shop.FillBasketAsync((variant, 1)));
        Assert.Null((await shop.Desk.PlaceAsync(TestShop.Wish(first, "one-key"), CancellationToken.None)).Refusal);
        Assert.Equal(OrderRefusals.KeyReused, (await shop.Desk.PlaceAsync(TestShop.Wish(second, "one-key"), CancellationToken.None)).Refusal!.Code);
        await using var db = shop.Open();
        Assert.False(await db.Orders.AnyAsync(o => o.BasketId == second));
    }

    [Fact]
    public async Task A_refusal_leaves_no_order_no_reservation_and_no_job_and_is_replayed_under_its_key()
    {
        var variant = await shop.AddVariantAsync(stock: 3);
        var (basket, rival) = (await shop.FillBasketAsync((variant, 3)), await shop.FillBasketAsync((variant, 1)));
        Assert.Null((await shop.Desk.PlaceAsync(TestShop.Wish(rival), CancellationToken.None)).Refusal);
        await using var db = shop.Open();
        var jobs = await db.Set<OutboxRow>().CountAsync();

        var wish = TestShop.Wish(basket);
        var refusal = (await shop.Desk.PlaceAsync(wish, CancellationToken.None)).Refusal!;
        Assert.Equal(OrderRefusals.OutOfStock, refusal.Code);
        Assert.Equal((variant, 3, 2), Assert.Single((List<ShortLine>)refusal.Facts!["lines"]!) is var line ? (line.VariantId, line.Quantity, line.Available) : default);
        Assert.Equal(refusal.Detail, (await shop.Desk.PlaceAsync(wish, CancellationToken.None)).Refusal!.Detail);
        Assert.False(await db.Orders.AnyAsync(o => o.BasketId == basket));
        Assert.Null((await db.Baskets.SingleAsync(b => b.Id == basket)).OrderId);
        Assert.Equal(1, (await db.StockItems.SingleAsync(s => s.VariantId == variant)).Reserved);
        Assert.Equal(jobs, await db.Set<OutboxRow>().CountAsync());
    }

    [Theory]
    [InlineData("DE", 1, OrderRefusals.TotalChanged)]
    [InlineData("KP", null, OrderRefusals.CountryNotServed)]
    public async Task What_the_shop_cannot_promise_is_refused(string country, int? expectedMinor, string code)
    {
        var basket = await shop.FillBasketAsync((await shop.AddVariantAsync(stock: 5), 1));
        var wish = TestShop.Wish(basket, expected: expectedMinor is { } minor ? Money.Of(minor) : null, country: country);
        Assert.Equal(code, (await shop.Desk.PlaceAsync(wish, CancellationToken.None)).Refusal!.Code);
    }

    [Fact]
    public async Task An_empty_basket_and_one_that_is_not_there_are_refused()
    {
        Assert.Equal(OrderRefusals.BasketEmpty, (await shop.Desk.PlaceAsync(TestShop.Wish(await shop.FillBasketAsync()), CancellationToken.None)).Refusal!.Code);
        Assert.Equal(OrderRefusals.BasketNotFound, (await shop.Desk.PlaceAsync(TestShop.Wish(new string('0', 32)), CancellationToken.None)).Refusal!.Code);
    }

    [Fact]
    public async Task The_stock_ledger_cannot_be_changed()
    {
        await shop.AddVariantAsync(stock: 1);
        await using var db = shop.Open();
        var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => db.StockMovements.ExecuteDeleteAsync());
        Assert.Contains("append-only", error.MessageText);
    }
}
