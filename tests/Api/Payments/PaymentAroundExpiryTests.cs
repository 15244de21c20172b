using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Experiments;
using Tests.Fixture;

namespace Tests.Api.Payments;

/// <summary>Stock is kept for two seconds.</summary>
public sealed class BriefShop(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis)
{
    protected override TimeSpan HoldTime => TimeSpan.FromSeconds(2);
}

/// <summary>
/// Experiment 3: shoppers pay within a second of the end of their reservation. Full size: <c>docs/experiments.md</c>.
/// </summary>
public class PaymentAroundExpiryTests(BriefShop shop, ITestOutputHelper output) : IClassFixture<BriefShop>
{
    private const int AtOnce = 16;
    private static readonly int Trials = Size.Of("EXPERIMENT_EXPIRY_TRIALS", 32);
    private readonly History _history = new();

    [Fact]
    public async Task Paying_within_a_second_of_the_expiry_ends_in_an_order_or_in_no_charge_never_in_both_or_neither()
    {
        var seed = Size.Seed();
        output.WriteLine($"seed {seed}, {Trials} trials");
        var random = new Random(seed);
        var ended = new Dictionary<OrderStatus, int>();
        for (var done = 0; done < Trials; done += AtOnce)
        {
            var trials = Enumerable.Range(0, Math.Min(AtOnce, Trials - done)).Select(_ => random.NextDouble() * 2 - 1).ToList();
            var desks = await Task.WhenAll(trials.Select(TryAsync));
            await shop.SettleAsync();
            foreach (var desk in desks)
            {
                var status = await CheckAsync(desk);
                ended[status] = ended.GetValueOrDefault(status) + 1;
            }
        }
        output.WriteLine(string.Join(", ", ended.Select(e => $"{e.Key}: {e.Value}")));
        Assert.Equal(0, (await shop.ReconcileAsync()).DifferenceCount);
        await Checker.AssertAsync(shop, _history);
    }

    private async Task<StaffDesk> TryAsync(double offsetSeconds)
    {
        var desk = new StaffDesk((await _history.PlaceAsync(shop.Client, await Purchase.FillBasketAsync(shop, shop.Tide))).Purchase(shop));
        var session = await desk.Purchase.OpenSessionAsync();
        var orderId = await desk.OrderIdAsync();
        await using var db = shop.Open();
        var until = await db.Orders.Where(o => o.Id == orderId).Select(o => o.ReservedUntil).SingleAsync();
        await Task.WhenAll(At(until.AddSeconds(offsetSeconds), PayAsync), At(until, ExpireAsync));
        return desk;

        Task PayAsync() => _history.PayAsync(desk.Purchase, session);

        Task ExpireAsync() => shop.InScopeAsync<PaymentVerbs>(payments => payments.ExpireReservationAsync(orderId, null, CancellationToken.None));
    }

    private static async Task At(DateTimeOffset when, Func<Task> act)
    {
        var wait = when - DateTimeOffset.UtcNow;
        if (wait > TimeSpan.Zero) await Task.Delay(wait);
        await act();
    }

    private async Task<OrderStatus> CheckAsync(StaffDesk desk)
    {
        var orderId = await desk.OrderIdAsync();
        await using var db = shop.Open();
        var order = await db.Orders.AsNoTracking().SingleAsync(o => o.Id == orderId);
        var stock = (await db.Reservations.AsNoTracking().SingleAsync(r => r.OrderId == orderId)).State;
        var (stripe, ledger) = (await desk.StripeHasAsync(), await desk.LedgerHasAsync());
        var expected = order.Status == OrderStatus.Paid ? (desk.Purchase.TotalMinor, ReservationState.Consumed, 1) : (0, ReservationState.Released, 0);
        Assert.Contains(order.Status, new[] { OrderStatus.Paid, OrderStatus.Expired });
        Assert.Equal(expected, (stripe, stock, await desk.JobsAsync(JobKinds.SendReceipt)));
        Assert.Equal(stripe, ledger);
        return order.Status;
    }
}
