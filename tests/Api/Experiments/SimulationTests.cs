using Commerce.Outbox;
using Commerce.Payments;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tests.Fixture;

namespace Tests.Api.Experiments;

/// <summary>A shop whose clock the test moves. PostgreSQL's and Stripe's clocks are their own, as in life.</summary>
public class SimulatedShop(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis)
{
    internal MovedClock Clock { get; } = new();

    protected override void Configure(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);

    /// <summary>What a story that failed has left undone is none of the next one's business.</summary>
    internal async Task ForgetAsync()
    {
        Clock.Reset();
        await Stripe.DeleteAsync("/_emulator/faults");
        await Stripe.DeleteAsync("/_emulator/webhooks/faults");
        await Stripe.PostAsync("/_emulator/webhooks/release?gapMilliseconds=0", null);
        await DeliveredAsync();
        await using var db = Open();
        string[] kinds = [JobKinds.ApplyStripeEvent, JobKinds.RefundPayment, JobKinds.VoidPayment];
        await db.Set<OutboxRow>().Where(r => kinds.Contains(r.Kind)).ExecuteDeleteAsync();
        await db.Database.ExecuteSqlAsync($"UPDATE stripe_events SET applied_at = now() WHERE applied_at IS NULL");
        await db.Database.ExecuteSqlAsync($"UPDATE reconciliation_differences SET resolved_at = now() WHERE resolved_at IS NULL");
    }
}

/// <summary>The same, where staff take the money by hand.</summary>
public sealed class CautiousSimulatedShop(PostgresFixture postgres, RedisFixture redis) : SimulatedShop(postgres, redis)
{
    protected override CaptureMode Capture => CaptureMode.Manual;
}

/// <summary>The system's clock, moved.</summary>
internal sealed class MovedClock : TimeProvider
{
    private long _ticks;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public void Reset() => Interlocked.Exchange(ref _ticks, 0);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));
}

/// <summary>
/// Experiment 16: the domain under a seeded simulation of clock, scheduler, shoppers, staff, Stripe and faults. A failure prints its seed and the shortest story
/// found that fails; <c>CsCheck_Seed=…</c> replays it. Full size: <c>docs/experiments.md</c>.
/// </summary>
public class SimulationTests(PostgresFixture postgres, RedisFixture redis, ITestOutputHelper output)
{
    /// <summary>Stories that one shop sees: what the emulator and the database remember of earlier ones makes each a little slower.</summary>
    private const int StoriesOfAShop = 60;

    // Every story begins with an order and its payment page, most with a payment: without them little else can happen.
    private static readonly Deed[] Beginning = [Deed.Place, Deed.OpenSession, Deed.Pay, Deed.ComeBack];

    [Fact]
    public Task Whatever_happens_to_orders_ends_well() => SimulateAsync(() => new SimulatedShop(postgres, redis), StoryWith(captures: 1));

    [Fact]
    public Task Whatever_happens_to_orders_that_are_captured_by_hand_ends_well() => SimulateAsync(() => new CautiousSimulatedShop(postgres, redis), StoryWith(captures: 12));

    private static Gen<Step[]> StoryWith(int captures)
    {
        (int, Deed)[] chances =
        [
            (5, Deed.Place), (1, Deed.PlaceAgain), (5, Deed.OpenSession), (5, Deed.Pay), (1, Deed.PayInVain), (1, Deed.PayAndDispute), (4, Deed.ComeBack), (2, Deed.Cancel),
            (captures, Deed.Capture), (2, Deed.StaffCancel), (3, Deed.Refund), (1, Deed.RefundPastTheShop), (2, Deed.Send), (2, Deed.TimePasses), (3, Deed.Expire),
            (3, Deed.DeliverWebhooks), (4, Deed.RunJobs), (1, Deed.CrashJobs), (2, Deed.GatewayFails), (1, Deed.Reconcile),
        ];
        var anyDeed = Gen.Frequency([.. chances.Select(c => (c.Item1, (IGen<Deed>)Gen.Const(c.Item2)))]);
        return Gen.Select(
            Gen.Int[2, Beginning.Length],
            Gen.Select(anyDeed, Gen.Int[0, 5], Gen.Int[0, 999], Gen.Int[0, 3], (deed, which, amount, at) => new Step(deed, which, amount, at == 0)).Array[5, 20],
            (begun, steps) => (Step[])[.. Beginning.Take(begun).Select(deed => new Step(deed, 0, 0, false)), .. steps]);
    }

    /// <summary>What CI tells again and again; new stories are for whoever sets EXPERIMENT_SEEDS and has the time to follow what they find.</summary>
    private static readonly string[] KnownSeeds = ["ddYrdtdfjqU4", "0003ZkxJ1Mm4", "0004ZkxJ1Mm4", "0005ZkxJ1Mm4", "0006ZkxJ1Mm4", "ddZrdtdfjqU4", "448WNIuvEZg1"];

    private async Task SimulateAsync(Func<SimulatedShop> open, Gen<Step[]> anyStory)
    {
        var (isNew, ends) = (Size.Of("EXPERIMENT_SEEDS", 0) > 0 || Environment.GetEnvironmentVariable("CsCheck_Seed") is not null, new Dictionary<string, int>());
        var (stories, atOnce) = isNew ? (Math.Max(1, Size.Of("EXPERIMENT_SEEDS", 0)), StoriesOfAShop) : (KnownSeeds.Length, 1);
        for (var told = 0; told < stories; told += atOnce)
        {
            await using var shop = open();
            await shop.InitializeAsync();
            await anyStory.SampleAsync(async story =>
            {
                try
                {
                    await new Story(shop, new History()).RunAsync(story);
                }
                finally
                {
                    await shop.ForgetAsync();
                }
            }, seed: isNew ? null : KnownSeeds[told], iter: Math.Min(atOnce, stories - told), threads: 1, print: story => string.Join("; ", story.Select(s => $"{s.Deed} {s.Which} {s.Amount}{(s.WithNext ? " with" : "")}")));
            await using var db = shop.Open();
            foreach (var end in await db.Orders.GroupBy(o => new { o.Status, Payment = o.Payment!.Status, o.FulfilmentStatus }).Select(g => new { g.Key, Count = g.Count() }).ToListAsync())
                ends[$"{end.Key.Status}/{end.Key.Payment}/{end.Key.FulfilmentStatus}"] = ends.GetValueOrDefault($"{end.Key.Status}/{end.Key.Payment}/{end.Key.FulfilmentStatus}") + end.Count;
        }
        output.WriteLine($"{stories} stories, {ends.Values.Sum()} orders: {string.Join(", ", ends.OrderByDescending(e => e.Value).Select(e => $"{e.Value} {e.Key}"))}");
    }
}
