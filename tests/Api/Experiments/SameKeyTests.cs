using System.Net;
using Commerce.Orders;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Experiments;

/// <summary>
/// Experiment 4: one Idempotency-Key many times at once, at two instances, one of which is killed between the commit and its answer, or at any other
/// moment. Full size: <c>docs/experiments.md</c>.
/// </summary>
public class SameKeyTests(ShopApi shop, ITestOutputHelper output) : IClassFixture<ShopApi>
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);
    private readonly History _history = new();

    [Fact]
    public async Task The_same_key_100_times_at_once_and_again_after_a_kill_is_one_order_and_one_answer()
    {
        var rounds = Size.Of("EXPERIMENT_KEY_ROUNDS", 2);
        var seed = Size.Seed();
        output.WriteLine($"{rounds} rounds, seed {seed}");
        var random = new Random(seed);
        var variant = await shop.AddGoodsAsync(rounds * 3);
        await using var survivor = await shop.StartProcessAsync();
        for (var round = 0; round < rounds; round++)
        {
            var (basket, key) = (await Purchase.FillBasketAsync(shop, variant), Guid.NewGuid().ToString());
            // Every other kill is between the commit and the answer, the rest are anywhere.
            await using var victim = round % 2 == 0 ? await KillAtCommitAsync(basket, key) : await KillSoonAsync(basket, key, random.Next(60));
            await ExpectOneAnswerAsync(basket, key, survivor.Client, victim.Client);
        }
        await using var db = shop.Open();
        var item = await db.StockItems.SingleAsync(s => s.VariantId == variant);
        Assert.Equal((rounds * 3, rounds), (item.OnHand, item.Reserved));
        output.WriteLine(string.Join(", ", _history.Told.GroupBy(t => t.Code ?? (t.IsOrder ? "order" : "no answer")).Select(g => $"{g.Count()} {g.Key}")));
        await Checker.AssertAsync(shop, _history);
    }

    /// <summary>PostgreSQL has the order, and nobody was told. Answers the victim's successor.</summary>
    private async Task<ApiProcess> KillAtCommitAsync(string basket, string key)
    {
        var address = shop.DatabaseAddress;
        await using var trap = new CommitTrap(address.Host!, address.Port);
        address.Port = trap.Port;
        await using var victim = await shop.StartProcessAsync(database: address.ConnectionString);
        trap.Bait = key;
        var calls = Enumerable.Range(0, AtOnce).Select(_ => _history.PlaceAsync(victim.Client, basket, key)).ToList();
        await trap.Sprung.Task.WaitAsync(Generous);
        for (var i = 0; !await IsPlacedAsync(basket) && i < 200; i++) await Task.Delay(50);
        Assert.True(await IsPlacedAsync(basket));
        await victim.KillAsync();
        Assert.All(await Task.WhenAll(calls), told => Assert.Null(told.Status));
        return await shop.StartProcessAsync(victim.Port);
    }

    private async Task<ApiProcess> KillSoonAsync(string basket, string key, int milliseconds)
    {
        await using var victim = await shop.StartProcessAsync();
        var calls = Enumerable.Range(0, AtOnce).Select(_ => _history.PlaceAsync(victim.Client, basket, key)).ToList();
        await Task.Delay(milliseconds);
        await victim.KillAsync();
        await Task.WhenAll(calls);
        return await shop.StartProcessAsync(victim.Port);
    }

    private async Task ExpectOneAnswerAsync(string basket, string key, params HttpClient[] nodes)
    {
        var told = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => _history.PlaceAsync(nodes[i % nodes.Length], basket, key)));
        Assert.True(History.HasRaced([told]));
        Assert.All(told.Where(t => !t.IsOrder), t => Assert.Equal((HttpStatusCode.Conflict, OrderRefusals.InFlight), (t.Status, t.Code)));
        foreach (var node in nodes)
        {
            var again = await _history.InsistAsync(node, basket, key);
            Assert.True(again.IsOrder, again.Body);
            Assert.All(told.Where(t => t.IsOrder), t => Assert.Equal(again.Body, t.Body));
            using var other = Purchase.Order(basket, key, email: "bob@example.com");
            var refused = await node.SendAsync(other);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains(OrderRefusals.KeyReused, await refused.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_key_that_is_being_worked_on_is_answered_409()
    {
        var (variant, key) = (await shop.AddGoodsAsync(5), Guid.NewGuid().ToString());
        var (basket, lockId) = (await Purchase.FillBasketAsync(shop, variant), IdempotencyRecord.LockId(key));
        await using (var db = shop.Open())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({lockId})");
            var told = await _history.PlaceAsync(shop.Client, basket, key);
            Assert.Equal((HttpStatusCode.Conflict, OrderRefusals.InFlight), (told.Status, told.Code));
            Assert.False(await IsPlacedAsync(basket));
        }
        Assert.True((await _history.PlaceAsync(shop.Client, basket, key)).IsOrder);
        await Checker.AssertAsync(shop, _history);
    }

    private async Task<bool> IsPlacedAsync(string basket)
    {
        await using var db = shop.Open();
        return await db.Orders.AnyAsync(o => o.BasketId == basket);
    }
}
