using System.Net;
using System.Net.Http.Json;
using Stripe;

namespace Tests.Stripe;

public sealed class FaultTests : IAsyncLifetime
{
    private StripeRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await StripeRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task A_failing_call_does_nothing_and_its_key_may_be_used_again()
    {
        await _run.ControlAsync("faults", new { kind = "Status", status = 503, calls = 2 });
        var key = new RequestOptions { IdempotencyKey = "k1" };
        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<StripeException>(() => _run.Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900), key));
            Assert.Equal((503, "api_error"), ((int)failure.HttpStatusCode, failure.StripeError.Type));
        }
        Assert.Empty((await _run.StateAsync())["payment_intents"]!.AsArray());
        Assert.Equal("succeeded", (await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900), key)).Status);
    }

    [Fact]
    public async Task A_500_after_the_charge_has_charged_once_and_is_replayed_for_its_key()
    {
        await _run.ControlAsync("faults", new { kind = "ErrorAfter", path = "/v1/payment_intents" });
        var key = new RequestOptions { IdempotencyKey = "k1" };
        for (var i = 0; i < 3; i++)
        {
            var failure = await Assert.ThrowsAsync<StripeException>(() => _run.Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900), key));
            Assert.Equal(500, (int)failure.HttpStatusCode);
        }
        Assert.Single((await _run.Client.V1.Charges.ListAsync()).Data);
        var found = await _run.Client.V1.PaymentIntents.SearchAsync(new PaymentIntentSearchOptions { Query = "metadata['order']:'OG-1' AND status:'succeeded'" });
        Assert.Single(found.Data);
    }

    [Fact]
    public async Task A_connection_lost_after_the_work_is_healed_by_the_client_s_own_retry()
    {
        await _run.ControlAsync("faults", new { kind = "DropAfter" });
        using var http = new HttpClient();
        var intent = await _run.ClientWith(http, retries: 2).V1.PaymentIntents.CreateAsync(Orders.Paid(4900));
        Assert.Equal("succeeded", intent.Status);
        Assert.Single((await _run.Client.V1.Charges.ListAsync()).Data);
    }

    [Fact]
    public async Task A_connection_lost_before_the_work_has_done_nothing()
    {
        await _run.ControlAsync("faults", new { kind = "Drop" });
        await Assert.ThrowsAsync<HttpRequestException>(() => _run.Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900)));
        Assert.Empty((await _run.StateAsync())["charges"]!.AsArray());
    }

    [Fact]
    public async Task A_hanging_call_holds_its_key_and_another_call_with_it_is_refused()
    {
        await _run.ControlAsync("faults", new { kind = "Hang", milliseconds = 2000 });
        var key = new RequestOptions { IdempotencyKey = "k1" };
        var slow = _run.Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900), key);
        await Task.Delay(500);
        var refusal = await Assert.ThrowsAsync<StripeException>(() => _run.Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900), key));
        Assert.Equal((409, "idempotency_error"), ((int)refusal.HttpStatusCode, refusal.StripeError.Type));
        Assert.Equal("succeeded", (await slow).Status);
    }

    [Fact]
    public async Task A_hundred_calls_with_one_key_make_one_charge()
    {
        var key = new RequestOptions { IdempotencyKey = "k1" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            try
            {
                return (await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900), key)).Id;
            }
            catch (StripeException e) when (e.HttpStatusCode == HttpStatusCode.Conflict)
            {
                return null;
            }
        }));
        Assert.Single(answers.OfType<string>().Distinct());
        Assert.Single((await _run.Client.V1.Charges.ListAsync()).Data);
    }

    [Fact]
    public async Task A_call_that_failed_validation_leaves_its_key_free()
    {
        var key = new RequestOptions { IdempotencyKey = "k1" };
        await Assert.ThrowsAsync<StripeException>(() => _run.Client.V1.PaymentIntents.CreateAsync(Orders.Intent(1), key));
        Assert.Equal(4900, (await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Intent(4900), key)).Amount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sk_" + "live_0123456789")]
    [InlineData("nonsense")]
    public async Task Only_test_keys_are_let_in(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/payment_intents");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        using var response = await _run.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.DoesNotContain("0123456789", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/nothing", "GET", 404)]
    [InlineData("/v1/payment_intents?limit=0", "GET", 400)]
    [InlineData("/v1/payment_intents?limit=x", "GET", 400)]
    [InlineData("/v1/payment_intents?expand[]=amount", "GET", 400)]
    [InlineData("/v1/payment_intents?a[b=1", "GET", 400)]
    [InlineData("/v1/payment_intents/search?query=nonsense", "GET", 400)]
    public async Task Garbage_is_answered_in_the_error_envelope(string path, string method, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer sk_test_x");
        using var response = await _run.Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains("\"error\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.StartsWith("req_", response.Headers.GetValues("Request-Id").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_control_that_makes_no_sense_is_refused()
    {
        using var response = await _run.Http.PostAsJsonAsync("/_emulator/faults", new { kind = "Status", status = 200 });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var misspelt = await _run.Http.PostAsJsonAsync("/_emulator/faults", new { kind = "Status", staus = 500 });
        Assert.Equal(HttpStatusCode.BadRequest, misspelt.StatusCode);
    }

    [Fact]
    public async Task Another_site_s_page_cannot_press_the_buttons()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_emulator/reset");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var response = await _run.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }
}
