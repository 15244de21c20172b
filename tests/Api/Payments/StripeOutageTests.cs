using System.Diagnostics;
using System.Net;
using Commerce.Payments;
using Tests.Api.Experiments;

namespace Tests.Api.Payments;

/// <summary>
/// Experiment 7: Stripe down, slow, or answering 500 after the money was taken, while staff capture. Full size: <c>docs/experiments.md</c>.
/// That one incident opens and resolves is held by tests/Worker (<c>GatewayTests</c>).
/// </summary>
public class StripeOutageTests(CautiousShop shop) : IClassFixture<CautiousShop>
{
    private static readonly int Orders = Size.Of("EXPERIMENT_OUTAGE_ORDERS", 8);

    /// <summary>The promise is 10 s; a machine that may be busy is given more.</summary>
    private static readonly TimeSpan OpensWithin = TimeSpan.FromSeconds(Size.Of("EXPERIMENT_OUTAGE_SECONDS", 60));

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("Status", "down")]
    [InlineData("Hang", "five seconds slow")]
    [InlineData("ErrorAfter", "500 after the money was taken")]
    public async Task Nothing_is_charged_twice_the_circuit_opens_and_everything_is_captured_afterwards(string kind, string what)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{Orders} orders, Stripe {what}");
        var desks = await Task.WhenAll(Enumerable.Range(0, Orders).Select(_ => StaffDesk.PaidAsync(shop, shop.Tide)));
        await shop.FaultAsync(new { kind, status = 503, milliseconds = 5000, calls = 100_000 });
        var watch = Stopwatch.StartNew();
        var answers = CaptureAllAsync();
        while (shop.Gateway.Circuit != GatewayCircuit.Open && watch.Elapsed < OpensWithin)
        {
            if (answers.IsCompleted) answers = CaptureAllAsync(); // the good calls of a moment ago still weigh: staff press again
            await Task.Delay(20);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"open after {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.Equal(GatewayCircuit.Open, shop.Gateway.Circuit);
        Assert.All(await answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode));

        await shop.Stripe.DeleteAsync("/_emulator/faults");
        foreach (var desk in desks)
        {
            HttpResponseMessage answer;
            for (watch.Restart(); (answer = await desk.PostAsync("capture")).StatusCode == HttpStatusCode.ServiceUnavailable && watch.Elapsed < Patience;) await Task.Delay(200);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await desk.Purchase.AssertPaidOnceAsync(1);
            Assert.Equal((desk.Purchase.TotalMinor, desk.Purchase.TotalMinor), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
        }
        Assert.Equal(GatewayCircuit.Closed, shop.Gateway.Circuit);
        await shop.SettleAsync();
        Assert.Equal(0, (await shop.ReconcileAsync()).DifferenceCount);
        await Checker.AssertAsync(shop, new History());

        Task<HttpResponseMessage[]> CaptureAllAsync() => Task.WhenAll(desks.Select(desk => desk.PostAsync("capture")));
    }
}
