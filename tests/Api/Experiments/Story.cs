using System.Collections.Concurrent;
using System.Net;
using Commerce.Audit;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Payments;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Experiments;

/// <summary>What can happen in a shop.</summary>
internal enum Deed
{
    Place,
    PlaceAgain,
    OpenSession,
    Pay,
    PayInVain,
    PayAndDispute,
    ComeBack,
    Cancel,
    Capture,
    StaffCancel,
    Refund,
    RefundPastTheShop,
    Send,
    TimePasses,
    Expire,
    DeliverWebhooks,
    RunJobs,
    CrashJobs,
    GatewayFails,
    Reconcile,
}

/// <summary>A deed, of which order (of those there are), and how much.</summary>
/// <param name="WithNext">At once with the step that follows.</param>
internal sealed record Step(Deed Deed, int Which, int Amount, bool WithNext);

/// <summary>
/// One run of the domain: orders of two scarce variants, and everything a shopper, staff, Stripe, time and bad luck may do to them. What was acknowledged on
/// the way must hold in the end, and the <see cref="Checker"/> must find nothing.
/// </summary>
internal sealed class Story(SimulatedShop shop, History history)
{
    private static readonly Instruction ByAnn = new(new Actor(ActorKind.Staff, "1", "ann@shop.test"), "because");
    private static readonly string[] Faults = ["Status", "ErrorAfter", "Drop", "DropAfter"];

    private readonly List<(Purchase Purchase, Told Told)> _orders = [];
    private readonly ConcurrentDictionary<string, string> _sessions = [];
    private readonly List<(string Number, string What, Func<Order, bool> Holds)> _promises = [];
    private Guid[] _variants = [];

    public async Task RunAsync(IReadOnlyList<Step> steps)
    {
        _variants = [await shop.AddGoodsAsync(4), await shop.AddGoodsAsync(2)];
        await shop.WebhookFaultAsync(new { events = 1_000_000, hold = true, copiesMin = 1, copiesMax = 3 });
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].WithNext && i + 1 < steps.Count) await Task.WhenAll(DoAsync(steps[i]), DoAsync(steps[++i]));
            else await DoAsync(steps[i]);
        }
        await HealAsync();
    }

    /// <summary>The world recovers, and everything that was put off is done.</summary>
    private async Task HealAsync()
    {
        await shop.Stripe.DeleteAsync("/_emulator/faults");
        await shop.Stripe.DeleteAsync("/_emulator/webhooks/faults");
        await shop.GatewayClosesAsync();
        shop.Clock.Advance(TimeSpan.FromMinutes(31));
        await ExpireAsync();
        await ReleaseAsync(0);
        await shop.SettleAsync();
        shop.Clock.Reset();
        await shop.ReconcileAsync();
        await shop.SettleAsync();
        var last = await shop.ReconcileAsync();
        Assert.Equal((0, 0), (last.DifferenceCount, last.HealedCount));
        await Checker.AssertAsync(shop, history, ofTheHistoryOnly: true);
        await using var db = shop.Open();
        foreach (var (number, what, holds) in _promises)
            Assert.True(holds(await db.Orders.AsNoTracking().Include(o => o.Payment).Include(o => o.Lines).Include(o => o.Refunds).Include(o => o.Fulfilments).AsSplitQuery().SingleAsync(o => o.Number == number)), $"{number}: {what} does not hold");
    }

    private async Task DoAsync(Step step)
    {
        try
        {
            if (step.Deed is Deed.Place or Deed.TimePasses or Deed.Expire or Deed.DeliverWebhooks or Deed.RunJobs or Deed.CrashJobs or Deed.GatewayFails or Deed.Reconcile) await WorldAsync(step);
            else if (_orders.Count > 0) await OrderAsync(step, _orders[step.Which % _orders.Count]);
        }
        catch (Exception away) when (away is GatewayUnavailableException or JobCrashedException)
        {
            // Bad luck is part of the story; whoever was told so tries again later.
        }
    }

    private async Task WorldAsync(Step step)
    {
        switch (step.Deed)
        {
            case Deed.Place:
                var basket = await Purchase.TryFillBasketAsync(shop, _variants[step.Which % 2]);
                if (basket is null) return; // sold out
                var told = await history.PlaceAsync(shop.Client, basket);
                if (told.IsOrder) lock (_orders) _orders.Add((told.Purchase(shop), told));
                break;
            case Deed.TimePasses:
                shop.Clock.Advance(TimeSpan.FromMinutes((step.Amount % 3) switch { 0 => 1, 1 => 31, _ => 13 * 60 }));
                break;
            case Deed.Expire:
                await ExpireAsync();
                break;
            case Deed.DeliverWebhooks:
                await ReleaseAsync(step.Amount);
                break;
            case Deed.RunJobs or Deed.CrashJobs:
                foreach (var kind in (string[])[JobKinds.ApplyStripeEvent, JobKinds.RefundPayment, JobKinds.VoidPayment])
                    await shop.RunJobsAsync(kind, beforeCommit: step.Deed == Deed.CrashJobs ? _ => throw new JobCrashedException() : null);
                break;
            case Deed.GatewayFails:
                await shop.FaultAsync(new { kind = Faults[step.Which % Faults.Length], status = 503, calls = step.Amount % 2 == 0 ? 1 : 3 });
                break;
            default:
                await shop.ReconcileAsync();
                break;
        }
    }

    private async Task OrderAsync(Step step, (Purchase Purchase, Told Told) order)
    {
        var number = order.Purchase.Number;
        switch (step.Deed)
        {
            case Deed.PlaceAgain:
                await history.PlaceAsync(shop.Client, order.Told.BasketId, step.Amount % 2 == 0 ? order.Told.Key : null);
                break;
            case Deed.OpenSession:
                using (var opened = await SaneAsync(order.Purchase.SendAsync("payment-session")))
                    if (opened.IsSuccessStatusCode) _sessions[number] = (await opened.Content.ReadAsStringAsync()).Split('"')[3].Split('/')[^1];
                break;
            case Deed.Pay or Deed.PayInVain or Deed.PayAndDispute:
                if (_sessions.GetValueOrDefault(number) is { } session)
                    await history.PayAsync(order.Purchase, session, step.Deed switch { Deed.Pay => "4242424242424242", Deed.PayInVain => "4000000000000002", _ => "4000000000000259" });
                break;
            case Deed.ComeBack:
                (await SaneAsync(order.Purchase.SendAsync("payment-confirmation"))).Dispose();
                break;
            case Deed.Cancel:
                using (var cancelled = await SaneAsync(order.Purchase.SendAsync("cancellation")))
                    if (cancelled.IsSuccessStatusCode && (await cancelled.Content.ReadAsStringAsync()).Contains("\"status\":\"cancelled\"", StringComparison.Ordinal))
                        Promise(number, "the shopper's cancellation", o => o.Status == OrderStatus.Cancelled);
                break;
            default:
                await StaffAsync(step, number);
                break;
        }
    }

    private async Task StaffAsync(Step step, string number)
    {
        var key = Guid.NewGuid().ToString();
        switch (step.Deed)
        {
            case Deed.Capture:
                await shop.InScopeAsync<CaptureVerbs>(async captures =>
                {
                    if (await captures.CaptureAsync(number, ByAnn, CancellationToken.None) is null) Promise(number, "the capture", o => o.PaidAt is not null && o.Payment!.CapturedMinor > 0);
                });
                break;
            case Deed.StaffCancel:
                await shop.InScopeAsync<Cancellation>(async cancellation =>
                {
                    if (await cancellation.CancelAsync(number, ByAnn, restock: step.Amount % 2 == 0, CancellationToken.None) is null) Promise(number, "the cancellation", o => o.Status == OrderStatus.Cancelled);
                });
                break;
            case Deed.Refund:
                await shop.InScopeAsync<RefundVerbs>(async refunds =>
                {
                    var wish = new NewRefund(key, step.Amount % 3 == 0 ? null : 100 + step.Amount, null, Restock: step.Amount % 2 == 0);
                    var refund = await refunds.RequestAsync(number, wish, ByAnn, CancellationToken.None);
                    if (!refund.IsRefused) Promise(number, "the refund", o => o.Refunds.Exists(r => r.Id == refund.Value.Id && r.Status is RefundStatus.Succeeded or RefundStatus.Failed));
                });
                break;
            case Deed.Send:
                await shop.InScopeAsync<FulfilmentVerbs>(async fulfilments =>
                {
                    var sent = await fulfilments.FulfilAsync(number, new NewFulfilment(key, null, new Tracking(null, null, null)), ByAnn, CancellationToken.None);
                    if (!sent.IsRefused) Promise(number, "the fulfilment", o => o.Fulfilments.Exists(f => f.Id == sent.Value.Id) && o.Status == OrderStatus.Paid);
                });
                break;
            default:
                await RefundPastTheShopAsync(number, step.Amount);
                break;
        }
    }

    /// <summary>Somebody at Stripe's dashboard; Stripe may say no.</summary>
    private async Task RefundPastTheShopAsync(string number, int amount)
    {
        await using var db = shop.Open();
        if (await db.Payments.Where(p => db.Orders.Any(o => o.Id == p.OrderId && o.Number == number)).Select(p => p.PaymentIntentId).SingleAsync() is not { } intent) return;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/refunds") { Headers = { { "Authorization", "Bearer sk_test_1" } }, Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["payment_intent"] = intent, ["amount"] = $"{50 + amount}" }) };
        try
        {
            using var response = await shop.Stripe.SendAsync(request);
        }
        catch (HttpRequestException)
        {
            // A dropped connection: the gateway failed for this one too.
        }
    }

    /// <summary>The scheduler: whose time is up by the shop's clock.</summary>
    private async Task ExpireAsync()
    {
        await using var db = shop.Open();
        var (now, numbers) = (shop.Clock.GetUtcNow(), _orders.Select(o => o.Purchase.Number).ToList());
        foreach (var id in await db.Orders.Where(o => numbers.Contains(o.Number) && o.ReservedUntil <= now).Select(o => o.Id).ToListAsync())
            await shop.InScopeAsync<PaymentVerbs>(payments => payments.ExpireReservationAsync(id, null, CancellationToken.None));
    }

    /// <summary>In any order.</summary>
    private async Task ReleaseAsync(int seed)
    {
        await ShopApi.OkAsync(shop.Stripe.PostAsync($"/_emulator/webhooks/release?order=shuffle&seed={seed}&gapMilliseconds=0", null));
        await shop.DeliveredAsync();
    }

    private void Promise(string number, string what, Func<Order, bool> holds)
    {
        lock (_promises) _promises.Add((number, what, holds));
    }

    /// <summary>Refused, or told that Stripe is away: both are answers. A 500 is none.</summary>
    private static async Task<HttpResponseMessage> SaneAsync(Task<HttpResponseMessage> call)
    {
        var response = await call;
        Assert.True(response.StatusCode != HttpStatusCode.InternalServerError, $"{response.RequestMessage!.RequestUri}: {await response.Content.ReadAsStringAsync()}");
        return response;
    }
}

/// <summary>The process that ran a job died before its commit.</summary>
internal sealed class JobCrashedException() : Exception("The job's process died before the commit.");
