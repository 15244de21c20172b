using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Stripe;
using Stripe.Checkout;

namespace Tests.Stripe;

/// <summary>Calls of the API that Stripe refuses, as they look on the wire: status, type, code and parameter are Stripe's, and nothing has happened.</summary>
public sealed class ApiInputTests : IAsyncLifetime
{
    private const string Good = "amount=4900&currency=eur";

    private StripeRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await StripeRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Theory]
    [InlineData(Good + "&no_such_thing=1", "parameter_unknown", "no_such_thing")]
    [InlineData(Good + "&shipping[nmae]=Ada&shipping[name]=Ada&shipping[address][line1]=x", "parameter_unknown", "shipping[nmae]")]
    [InlineData(Good + "&description[x]=1", "parameter_invalid_string", "description")]
    [InlineData(Good + "&shipping=Ada", "parameter_invalid_object", "shipping")]
    [InlineData(Good + "&metadata=OG-1", "parameter_invalid_object", "metadata")]
    [InlineData(Good + "&expand=latest_charge", "parameter_invalid_array", "expand")]
    [InlineData(Good + "&expand[0][x]=latest_charge", "parameter_invalid_string", "expand[0]")]
    [InlineData(Good + "&payment_method_types=card", "parameter_invalid_array", "payment_method_types")]
    [InlineData("currency=eur", "parameter_missing", "amount")]
    [InlineData("amount=&currency=eur", "parameter_invalid_empty", "amount")]
    [InlineData("amount=-1&currency=eur", "parameter_invalid_integer", "amount")]
    [InlineData("amount=49.00&currency=eur", "parameter_invalid_integer", "amount")]
    [InlineData("amount=99999999999999999999&currency=eur", "parameter_invalid_integer", "amount")]
    [InlineData("amount=49&currency=eur", "amount_too_small", "amount")]
    [InlineData("amount=100000000&currency=eur", "amount_too_large", "amount")]
    public async Task An_intent_that_cannot_be_is_refused_in_Stripe_s_words(string form, string code, string param)
    {
        await RefusedAsync(400, "/v1/payment_intents", form, code, param);
        Assert.Empty((await _run.StateAsync())["payment_intents"]!.AsArray());
    }

    private const string Line = "mode=payment&success_url=https://shop.example/&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=4900&line_items[0][price_data][product_data][name]=Card";

    private const string Rate = "[shipping_rate_data][type]=fixed_amount&shipping_options[1][shipping_rate_data][type]=fixed_amount";

    [Theory]
    [InlineData("billing_address_collection=required", "billing_address_collection")]
    [InlineData("line_items[0][price_data][tax_behavior]=inclusive", "line_items[0][price_data][tax_behavior]")]
    [InlineData("line_items[0][price_data][product_data][metadata][a]=b", "line_items[0][price_data][product_data][metadata]")]
    [InlineData("line_items[0][price_data][product_data][images][0]=https://a.example/1&line_items[0][price_data][product_data][images][1]=https://a.example/2", "line_items[0][price_data][product_data][images]")]
    [InlineData("shipping_options[0]" + Rate, "shipping_options")]
    public async Task What_the_emulator_does_not_act_on_opens_no_session(string form, string param)
    {
        Assert.Equal(param, (string?)(await SendAsync(400, "/v1/checkout/sessions", $"{Line}&{form}"))["error"]!["param"]);
        Assert.Empty((await _run.StateAsync())["sessions"]!.AsArray());
    }

    [Fact]
    public async Task A_currency_of_large_figures_is_charged_in_them()
    {
        var options = Orders.Paid(150_000_000);
        options.Currency = "idr";
        var intent = await _run.Client.V1.PaymentIntents.CreateAsync(options);
        Assert.Equal(120_000_000, (await _run.Client.V1.Refunds.CreateAsync(new() { PaymentIntent = intent.Id, Amount = 120_000_000 })).Amount);
    }

    [Theory]
    [InlineData("unit_amount_decimal", "9999999999999999999999")]
    [InlineData("unit_amount_decimal", "100000000")]
    [InlineData("unit_amount_decimal", "1.5")]
    [InlineData("unit_amount", "100000000")]
    [InlineData("unit_amount", "-1")]
    public async Task A_line_with_a_price_that_cannot_be_opens_no_session(string name, string amount)
    {
        await RefusedAsync(400, "/v1/checkout/sessions", $"mode=payment&success_url=https://shop.example/&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&line_items[0][price_data][product_data][name]=Card&line_items[0][price_data][{name}]={amount}",
            "parameter_invalid_integer", $"line_items[0][price_data][{name}]");
        Assert.Empty((await _run.StateAsync())["sessions"]!.AsArray());
    }

    [Fact]
    public async Task Parameters_in_the_address_of_a_call_that_changes_something_count_like_those_in_its_body()
    {
        await RefusedAsync(400, "/v1/payment_intents?no_such_thing=1", Good, "parameter_unknown", "no_such_thing");
        Assert.Equal(4900, (int)(await SendAsync(200, "/v1/payment_intents?amount=4900", "currency=eur"))["amount"]!);
    }

    [Theory]
    [InlineData("limit=0", "parameter_invalid_integer", "limit")]
    [InlineData("limit=-1", "parameter_invalid_integer", "limit")]
    [InlineData("limit=101", "parameter_invalid_integer", "limit")]
    [InlineData("limit=x", "parameter_invalid_integer", "limit")]
    [InlineData("limit[a]=1", "parameter_invalid_string", "limit")]
    [InlineData("starting_after=pi_nothing", "resource_missing", "starting_after")]
    [InlineData("ending_before=pi_nothing", "resource_missing", "ending_before")]
    [InlineData("created=yesterday", "parameter_invalid_integer", "created")]
    [InlineData("created[since]=1", "parameter_unknown", "created[since]")]
    [InlineData("expand[]=amount", null, "expand")]
    [InlineData("expand[]=data.amount", null, "expand")]
    [InlineData("expand[]=data.a.b.c.d", null, "expand")]
    public async Task A_list_that_cannot_be_is_refused(string query, string? code, string param)
    {
        await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Intent(4900));
        await RefusedAsync(400, "/v1/payment_intents?" + query, null, code, param);
    }

    [Fact]
    public async Task A_list_goes_on_behind_what_is_no_longer_in_it()
    {
        var sessions = new List<Session>();
        for (var i = 0; i < 3; i++)
            sessions.Insert(0, await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session()));
        await _run.Client.V1.Checkout.Sessions.ExpireAsync(sessions[1].Id);
        var older = await _run.Client.V1.Checkout.Sessions.ListAsync(new SessionListOptions { Status = "open", Limit = 1, StartingAfter = sessions[1].Id });
        Assert.Equal(sessions[2].Id, Assert.Single(older.Data).Id);
        Assert.False(older.HasMore);
        var newer = await _run.Client.V1.Checkout.Sessions.ListAsync(new SessionListOptions { Status = "open", Limit = 1, EndingBefore = sessions[1].Id });
        Assert.Equal(sessions[0].Id, Assert.Single(newer.Data).Id);
        Assert.False(newer.HasMore);
        await RefusedAsync(400, "/v1/checkout/sessions?status=open&starting_after=cs_test_nothing", null, "resource_missing", "starting_after");
    }

    [Theory]
    [InlineData("GET", "/v1/checkout/sessions/cs_test_nothing")]
    [InlineData("POST", "/v1/checkout/sessions/cs_test_nothing/expire")]
    [InlineData("GET", "/v1/payment_intents/pi_nothing")]
    [InlineData("POST", "/v1/payment_intents/pi_nothing/capture")]
    [InlineData("POST", "/v1/payment_intents/pi_nothing/cancel")]
    [InlineData("GET", "/v1/charges/ch_nothing")]
    [InlineData("GET", "/v1/refunds/re_nothing")]
    [InlineData("GET", "/v1/disputes/du_nothing")]
    [InlineData("GET", "/v1/events/evt_nothing")]
    [InlineData("GET", "/v1/payment_methods/pm_nothing")]
    public async Task What_is_not_there_is_missing_at_every_address(string method, string path)
    {
        var error = (await SendAsync(404, path, method == "POST" ? "" : null))["error"]!;
        Assert.Equal(("invalid_request_error", "resource_missing"), ((string?)error["type"], (string?)error["code"]));
    }

    [Fact]
    public async Task A_session_that_is_complete_cannot_be_expired()
    {
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        await _run.PayAsync(session.Url, "4242424242424242");
        var refusal = await Assert.ThrowsAsync<StripeException>(() => _run.Client.V1.Checkout.Sessions.ExpireAsync(session.Id));
        Assert.Equal((400, "invalid_request_error"), ((int)refusal.HttpStatusCode, refusal.StripeError.Type));
        Assert.Contains("complete", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(("complete", "paid"), (await _run.Client.V1.Checkout.Sessions.GetAsync(session.Id) is var read ? (read.Status, read.PaymentStatus) : default));
    }

    [Fact]
    public async Task More_than_is_left_is_not_refunded()
    {
        var intent = await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900));
        await _run.Client.V1.Refunds.CreateAsync(new() { PaymentIntent = intent.Id, Amount = 4000 });
        foreach (var amount in new[] { 901, 4900, 100_000_000_000 })
        {
            var refusal = await Assert.ThrowsAsync<StripeException>(() => _run.Client.V1.Refunds.CreateAsync(new() { PaymentIntent = intent.Id, Amount = amount }));
            Assert.Equal((400, "invalid_request_error", "amount"), ((int)refusal.HttpStatusCode, refusal.StripeError.Type, refusal.StripeError.Param));
            Assert.Contains("greater than unrefunded amount on charge (€9.00)", refusal.Message, StringComparison.Ordinal);
        }
        await RefusedAsync(400, "/v1/refunds", $"payment_intent={intent.Id}&amount=0", "parameter_invalid_integer", "amount");
        await RefusedAsync(400, "/v1/refunds", $"payment_intent={intent.Id}&amount=1&charge={intent.LatestChargeId}", null, null);
        await RefusedAsync(400, "/v1/refunds", "", "parameter_missing", null);
        Assert.Single((await _run.StateAsync())["refunds"]!.AsArray());
    }

    [Fact]
    public async Task An_intent_of_an_open_session_is_paid_on_its_page_alone_and_the_session_still_expires()
    {
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        await _run.PayAsync(session.Url, "4000000000000002");
        var intent = (await _run.Client.V1.Checkout.Sessions.GetAsync(session.Id)).PaymentIntentId;
        await RefusedAsync(400, $"/v1/payment_intents/{intent}/confirm", "payment_method=pm_card_visa", "payment_intent_unexpected_state", null);
        await RefusedAsync(400, $"/v1/payment_intents/{intent}", "amount=100", "payment_intent_unexpected_state", null);
        Assert.Equal("x", (string?)(await SendAsync(200, $"/v1/payment_intents/{intent}", "metadata[note]=x"))["metadata"]!["note"]);

        await _run.ControlAsync("clock", new { advanceSeconds = 3600 });
        await _run.Receiver.WaitForAsync("checkout.session.expired");
        Assert.Equal("canceled", (await _run.Client.V1.PaymentIntents.GetAsync(intent)).Status);
    }

    [Fact]
    public async Task An_authorisation_lapses_after_seven_days_and_is_captured_no_more()
    {
        const string Held = "amount=4900&currency=eur&capture_method=manual&payment_method=pm_card_visa&confirm=true&return_url=https://shop.test/";
        var asked = (string)(await SendAsync(200, "/v1/payment_intents", Held))["id"]!;
        await _run.ControlAsync("clock", new { advanceSeconds = (7 * 86_400) - 60 });
        Assert.Equal("requires_capture", (await _run.Client.V1.PaymentIntents.GetAsync(asked)).Status);
        var later = (string)(await SendAsync(200, "/v1/payment_intents", Held))["id"]!;

        await _run.ControlAsync("clock", new { advanceSeconds = 120 });
        await RefusedAsync(400, $"/v1/payment_intents/{asked}/capture", "", "payment_intent_unexpected_state", null);
        await _run.Receiver.WaitForAsync("payment_intent.canceled");
        var lapsed = await _run.Client.V1.PaymentIntents.GetAsync(asked);
        Assert.Equal(("canceled", "automatic", 0), (lapsed.Status, lapsed.CancellationReason, lapsed.AmountCapturable));
        Assert.Equal("succeeded", (string?)(await SendAsync(200, $"/v1/payment_intents/{later}/capture", ""))["status"]);
    }

    [Fact]
    public async Task A_key_is_for_one_request_for_a_day_and_then_for_another()
    {
        var first = await WithKeyAsync(200, "/v1/payment_intents", Good);
        Assert.Equal((string?)first["id"], (string?)(await WithKeyAsync(200, "/v1/payment_intents", "currency=eur&amount=4900"))["id"]);
        foreach (var (path, form) in new[] { ("/v1/payment_intents", "amount=5000&currency=eur"), ("/v1/refunds", Good), ("/v1/payment_intents?description=x", Good) })
            Assert.Equal("idempotency_error", (string?)(await WithKeyAsync(400, path, form))["error"]!["type"]);

        await _run.ControlAsync("clock", new { advanceSeconds = 90_000 });
        var second = await WithKeyAsync(200, "/v1/payment_intents", "amount=5000&currency=eur");
        Assert.Equal(5000, (int)second["amount"]!);
        await _run.RestartAsync();
        Assert.Equal(2, (await _run.StateAsync())["payment_intents"]!.AsArray().Count);
    }

    [Fact]
    public async Task What_is_no_answer_to_the_bank_s_question_and_no_form_is_refused_and_the_payment_waits()
    {
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        using (var json = new StringContent("{}", Encoding.UTF8, "application/json"))
            Assert.Equal(HttpStatusCode.BadRequest, (await _run.Http.PostAsync(session.Url, json)).StatusCode);
        await _run.PayAsync(session.Url, "4000000000003220");
        Assert.Equal(HttpStatusCode.BadRequest, (await _run.AnswerChallengeAsync(session.Url, "perhaps")).Status);
        using (var json = new StringContent("{}", Encoding.UTF8, "application/json"))
            Assert.Equal(HttpStatusCode.BadRequest, (await _run.Http.PostAsync(session.Url + "/challenge", json)).StatusCode);
        Assert.Equal("requires_action", (string?)Assert.Single((await _run.StateAsync())["payment_intents"]!.AsArray())!["status"]);
        Assert.Equal(HttpStatusCode.SeeOther, (await _run.AnswerChallengeAsync(session.Url, "complete")).Status);
    }

    private async Task RefusedAsync(int status, string path, string? form, string? code, string? param)
    {
        var error = (await SendAsync(status, path, form))["error"]!;
        Assert.Equal(("invalid_request_error", code, param), ((string?)error["type"], (string?)error["code"], (string?)error["param"]));
        Assert.False(string.IsNullOrWhiteSpace((string?)error["message"]));
    }

    private Task<JsonNode> WithKeyAsync(int status, string path, string form) => SendAsync(status, path, form, "key-1");

    private async Task<JsonNode> SendAsync(int status, string path, string? form, string? key = null)
    {
        using var request = new HttpRequestMessage(form is null ? HttpMethod.Get : HttpMethod.Post, path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer sk_test_x");
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (form is not null)
            request.Content = new StringContent(form, Encoding.UTF8, Refused.Form);
        using var response = await _run.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }
}
