using Commerce;
using Commerce.Orders;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Tests.Commerce.Orders;

/// <summary>A batch in which one order cannot be written: it sinks alone.</summary>
public class BatchFailureTests(TestShop shop) : IClassFixture<TestShop>
{
    private const string Poison = "poison@example.com";

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task A_poison_order_sinks_alone_and_the_others_of_its_batch_are_placed(int place)
    {
        await using var db = shop.Open();
        await db.Database.ExecuteSqlAsync($"ALTER TABLE orders DROP CONSTRAINT IF EXISTS ck_test_poison, ADD CONSTRAINT ck_test_poison CHECK (email <> 'poison@example.com')");
        var variant = await shop.AddVariantAsync(stock: 20);
        var wishes = new List<PlaceOrder>();
        for (var i = 0; i < 8; i++)
            wishes.Add(TestShop.Wish(await shop.FillBasketAsync((variant, 2))) with { Email = i == place ? Poison : "ann@example.com" });

        var notes = new Notes();
        await using var scope = shop.Scope();
        var desk = ActivatorUtilities.CreateInstance<OrderDesk>(scope.ServiceProvider, notes);
        var answers = await InOneBatchAsync(desk, wishes);

        Assert.Equal(["A batch of 8 orders failed; each is tried alone."], notes.Warnings);
        for (var i = 0; i < answers.Count; i++)
        {
            if (i != place) Assert.Null((await answers[i]).Refusal);
            else Assert.Equal("ck_test_poison", (await Assert.ThrowsAsync<PostgresException>(() => answers[i])).ConstraintName);
        }
        string[] baskets = [.. wishes.Select(w => w.BasketId)];
        Assert.Equal(wishes.Where(w => w.Email != Poison).Select(w => w.BasketId).Order(), await db.Orders.Where(o => baskets.Contains(o.BasketId)).Select(o => o.BasketId).OrderBy(b => b).ToListAsync());
        Assert.Equal(14, (await db.StockItems.SingleAsync(s => s.VariantId == variant)).Reserved);
        string[] keys = [.. wishes.Select(w => w.IdempotencyKey)];
        Assert.Equal(7, await db.IdempotencyRecords.CountAsync(r => keys.Contains(r.Key))); // the poison's key is free: it was not answered
        await Ledger.AssertBalancesAsync(db);
    }

    /// <summary>Orders that wait for their baskets keep the desk busy, until all of the wishes wait behind them; then one of its hands is freed.</summary>
    private async Task<List<Task<PlacingAnswer>>> InOneBatchAsync(OrderDesk desk, List<PlaceOrder> wishes)
    {
        var stock = await shop.AddVariantAsync(stock: OrderDesk.MaxInFlight);
        var (holders, stoppers) = (new List<ShopDb>(), new List<Task<PlacingAnswer>>());
        for (var i = 0; i < OrderDesk.MaxInFlight; i++)
        {
            var basket = await shop.FillBasketAsync((stock, 1));
            holders.Add(shop.Open());
            await holders[i].Database.BeginTransactionAsync();
            await holders[i].Database.ExecuteSqlAsync($"SELECT 1 FROM baskets WHERE id = {basket} FOR UPDATE");
            stoppers.Add(desk.PlaceAsync(TestShop.Wish(basket), CancellationToken.None));
            await UntilWaitingAsync(i + 1);
        }
        var answers = wishes.Select(w => desk.PlaceAsync(w, CancellationToken.None)).ToList();
        foreach (var holder in holders)
        {
            await holder.DisposeAsync(); // rolls back, which lets the basket go
            await Task.WhenAll(answers.Select(a => a.ContinueWith(_ => { }, TaskScheduler.Default)));
        }
        Assert.All(await Task.WhenAll(stoppers), a => Assert.Null(a.Refusal));
        return answers;
    }

    private async Task UntilWaitingAsync(int orders)
    {
        await using var db = shop.Open();
        for (var i = 0; i < 600; i++, await Task.Delay(50))
            if (await db.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").SingleAsync() == orders) return;
        Assert.Fail("The desk does not begin.");
    }

    private sealed class Notes : ILogger<OrderDesk>
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Warnings.Add(formatter(state, exception));
        }
    }
}
