using Local.Stripe.State;
using Stripe;
using Tests.Fixture;

namespace Tests.Stripe;

public sealed class StateTests : IAsyncLifetime
{
    private StripeRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await StripeRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task Everything_survives_a_restart_idempotency_keys_too()
    {
        var key = new RequestOptions { IdempotencyKey = "k1" };
        var intent = await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900), key);
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        await _run.PayAsync(session.Url, "4242424242424242");
        await _run.Receiver.WaitForAsync("checkout.session.completed");
        await _run.Receiver.WaitUntilAsync(() => _run.Receiver.Received.Count == 7, "seven events");
        await Task.Delay(300);
        var before = await _run.StateAsync();

        await _run.RestartAsync();

        var after = await _run.StateAsync();
        foreach (var kind in new[] { "sessions", "payment_intents", "charges", "events", "deliveries" })
            Assert.Equal(before[kind]!.ToJsonString(), after[kind]!.ToJsonString());
        Assert.Equal(intent.Id, (await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900), key)).Id);
        await Task.Delay(500);
        Assert.Equal(7, _run.Receiver.Received.Count);
    }

    [Fact]
    public async Task A_transaction_cut_short_by_a_kill_is_dropped_and_the_rest_kept()
    {
        var intent = await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Intent(4900));
        await _run.DamageAsync(path => System.IO.File.AppendAllTextAsync(path, """[{"kind":"intent","amount":1,"""));
        Assert.Equal(4900, (await _run.Client.V1.PaymentIntents.GetAsync(intent.Id)).Amount);
        Assert.Equal(1000, (await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Intent(1000))).Amount);
        await _run.RestartAsync();
        Assert.Equal(2, (await _run.Client.V1.PaymentIntents.ListAsync()).Data.Count);
    }

    [Fact]
    public void A_key_that_was_used_again_after_its_day_is_forgotten_in_its_turn()
    {
        static AnswerRecord Answer(string key) => new() { Id = key, Created = DateTimeOffset.UnixEpoch, Fingerprint = "", Status = 200, Body = "", RequestId = "req_1" };
        var folder = TestFolders.CreatePrivate();
        try
        {
            using var store = new Store(new StateLog(folder));
            store.Run(transaction => transaction.Put(Answer("first")));
            store.Run(transaction => transaction.Put(Answer("second")));
            store.Run(transaction => transaction.Put(Answer("first")));
            store.Run(transaction => Enumerable.Range(0, 49_999).Select(i => transaction.Put(Answer($"k{i}"))).Count());
            Assert.Equal((true, false), store.Run(transaction => (transaction.Find<AnswerRecord>("first") is not null, transaction.Find<AnswerRecord>("second") is not null)));
            store.Run(transaction => Enumerable.Range(50_000, 2).Select(i => transaction.Put(Answer($"k{i}"))).Count());
            Assert.Equal((false, true), store.Run(transaction => (transaction.Find<AnswerRecord>("first") is not null, transaction.Find<AnswerRecord>("k50001") is not null)));
        }
        finally
        {
            TestFolders.Delete(folder);
        }
    }

    [Fact]
    public async Task A_damaged_file_is_named_in_the_error()
    {
        await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Intent(4900));
        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => _run.DamageAsync(path => System.IO.File.WriteAllTextAsync(path, "nonsense\n")));
        Assert.Contains("stripe.jsonl", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kwd", 12_345, 12_340)] // three decimals: the last is 0
    [InlineData("isk", 4_950, 4_900)] // no decimals, and still written with two
    [InlineData("ugx", 4_950, 4_900)]
    [InlineData("vnd", 0, 49)] // no decimals: the smallest amount is not fifty
    public async Task An_amount_with_digits_that_its_currency_does_not_have_is_neither_charged_nor_refunded(string currency, long bad, long good)
    {
        PaymentIntentCreateOptions In(long amount)
        {
            var options = Orders.Paid(amount);
            options.Currency = currency;
            return options;
        }

        await Assert.ThrowsAsync<StripeException>(() => _run.Client.V1.PaymentIntents.CreateAsync(In(bad)));
        var intent = await _run.Client.V1.PaymentIntents.CreateAsync(In(good));
        Assert.Equal("succeeded", intent.Status);
        await Assert.ThrowsAsync<StripeException>(() => _run.Client.V1.Refunds.CreateAsync(new() { PaymentIntent = intent.Id, Amount = bad }));
        Assert.Equal(good, (await _run.Client.V1.Refunds.CreateAsync(new() { PaymentIntent = intent.Id, Amount = good })).Amount);
    }

    [Fact]
    public async Task A_reset_forgets_everything()
    {
        await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900));
        await _run.ControlAsync("reset");
        Assert.Empty((await _run.Client.V1.PaymentIntents.ListAsync()).Data);
        await _run.RestartAsync();
        Assert.Empty((await _run.Client.V1.PaymentIntents.ListAsync()).Data);
    }

    [Theory]
    [InlineData("metadata['order']:'OG-2'", 1)]
    [InlineData("metadata[\"order\"]:\"og-2\" OR amount:1000", 2)]
    [InlineData("-metadata['order']:'OG-2'", 2)]
    [InlineData("metadata['order']:null", 1)]
    [InlineData("amount>1000 AND currency:'eur'", 2)]
    [InlineData("status~'requires'", 3)]
    public async Task Intents_are_found_by_what_they_say(string query, int count)
    {
        foreach (var (amount, order) in new[] { (1000L, "OG-1"), (2000L, "OG-2"), (3000L, "") })
        {
            var options = Orders.Intent(amount);
            options.Metadata = order.Length > 0 ? new() { ["order"] = order } : null;
            await _run.Client.V1.PaymentIntents.CreateAsync(options);
        }
        var found = await _run.Client.V1.PaymentIntents.SearchAsync(new PaymentIntentSearchOptions { Query = query });
        Assert.Equal(count, found.Data.Count);
    }

    [Fact]
    public async Task The_page_of_the_till_shows_what_happened()
    {
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        await _run.PayAsync(session.Url, "4000000000000002");
        var html = await _run.Http.GetStringAsync("/_emulator");
        foreach (var part in new[] { "OG-1", "€102.90", "generic_decline", "payment_intent.payment_failed", "Send again" })
            Assert.Contains(part, html, StringComparison.Ordinal);
    }
}
