using Commerce;
using Commerce.OnCall;
using Commerce.Payments;
using Local.Stripe;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using System.Diagnostics;
using System.Net.Http.Json;
using Tests.Fixture;

namespace Tests.Worker.Watchdog;

/// <summary>Experiment 7, the incident: Stripe down, failing or five seconds slow opens the circuit and exactly one incident, and it resolves.</summary>
public sealed class GatewayTests(PostgresFixture postgres, RedisFixture redis, PagerServer pager) : WatchdogTest(postgres, redis, pager), IClassFixture<PagerServer>
{
    [Theory]
    [InlineData("Status")]
    [InlineData("Drop")]
    [InlineData("Hang")]
    public async Task A_gateway_that_fails_or_is_slow_is_one_incident_and_resolves_when_it_answers(string fault)
    {
        var folder = TestFolders.CreatePrivate();
        await using var stripe = StripeEmulator.Build(["--urls", "http://127.0.0.1:0", "--Stripe:DataFolder", folder, "--Logging:LogLevel:Default", "Error"]);
        await stripe.StartAsync();
        using var controls = new HttpClient { BaseAddress = new Uri(stripe.Urls.First()) };
        var node = await StartWatcherAsync(services => services.AddOrders(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Stripe:ApiBase"] = stripe.Urls.First(),
            ["Stripe:SecretKey"] = "sk_test_1",
            ["Stripe:WebhookSecret"] = "whsec_test",
            ["Services:PublicUrl"] = "http://localhost:8080",
        }).Build()));
        var gateway = node.Services.GetRequiredService<StripeGateway>();
        await CallAsync(gateway);
        Assert.Null(node.Services.GetRequiredService<GatewayHealth>().Problem);

        // Slow: five seconds per answer, more than one try may take.
        (await controls.PostAsJsonAsync("/_emulator/faults", new { kind = fault, milliseconds = 5000, calls = 100_000 })).EnsureSuccessStatusCode();
        var began = Stopwatch.StartNew();
        var isOpened = false;
        while (((await Pager.IncidentsAsync()).Count == 0 || !isOpened) && began.Elapsed < Soon)
        {
            // As busy as a shop: the circuit judges six calls in ten seconds.
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CallAsync(gateway)));
            isOpened |= node.Services.GetRequiredService<GatewayPipeline>().Circuit == GatewayCircuit.Open;
        }
        Assert.True(isOpened, "The circuit never opened.");
        var open = await OnlyIncidentAsync("triggered", "the gateway rings");
        Assert.Equal(("critical", "oddgrain/payment-gateway-down"), (open.GetProperty("severity").GetString(), open.GetProperty("dedupKey").GetString()));
        // The circuit opens, half opens and opens again meanwhile.
        for (var until = began.Elapsed + TimeSpan.FromSeconds(7); began.Elapsed < until; await Task.Delay(200)) await CallAsync(gateway);

        (await controls.DeleteAsync("/_emulator/faults")).EnsureSuccessStatusCode();
        while (await Pager.StatusesAsync() != "resolved" && began.Elapsed < Soon + Soon)
        {
            await CallAsync(gateway);
            await Task.Delay(100);
        }
        await OnlyIncidentAsync("resolved", "the gateway is back");
        TestFolders.Delete(folder);
    }

    /// <summary>Of a session that does not exist: a good answer is a 404, which is no fault of the gateway.</summary>
    private static async Task CallAsync(StripeGateway gateway)
    {
        try
        {
            await gateway.FindSessionAsync("cs_test_none", CancellationToken.None);
        }
        catch (Exception error) when (error is GatewayUnavailableException or Stripe.StripeException)
        {
            // Either is an answer.
        }
    }
}
