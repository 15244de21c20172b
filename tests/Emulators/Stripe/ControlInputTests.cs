using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Stripe;

namespace Tests.Stripe;

/// <summary>Controls that are told what makes no sense: they say what is wrong and what is taken, and nothing has changed.</summary>
public sealed class ControlInputTests : IAsyncLifetime
{
    private StripeRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await StripeRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Theory]
    [InlineData("-1", "time only moves forward")]
    [InlineData("-0.001", "time only moves forward")]
    [InlineData("315360001", "ten years")]
    [InlineData("1e300", "ten years")]
    [InlineData("1e999", "ten years")]
    [InlineData("\"60\"", "must be a number")]
    [InlineData("null", "must be a number")]
    [InlineData("[60]", "must be a number")]
    public async Task The_clock_only_moves_forward(string seconds, string words)
    {
        await _run.ControlAsync("clock", new { advanceSeconds = 60 });
        await RefusedAsync(400, "POST", "/_emulator/clock", $$"""{"advanceSeconds":{{seconds}}}""", words, "advanceSeconds");
        await RefusedAsync(400, "POST", "/_emulator/page/advance?minutes=-31", null, "time only moves forward", "minutes");
        Assert.InRange(await AheadAsync(), 55, 65);
    }

    [Fact]
    public async Task The_clock_is_never_more_than_ten_years_ahead()
    {
        await _run.ControlAsync("clock", new { advanceSeconds = 315_000_000 });
        await RefusedAsync(409, "POST", "/_emulator/clock", """{"advanceSeconds":315000000}""", "ten years ahead");
        Assert.InRange(await AheadAsync(), 314_999_000, 315_001_000);
        await _run.ControlAsync("reset");
        Assert.InRange(await AheadAsync(), -5, 5);
    }

    [Theory]
    [InlineData("""{"kind":"Statuss"}""", "kind must be one of Status, Hang, ErrorAfter, Drop, DropAfter")]
    [InlineData("""{"kind":99}""", "kind must be one of")]
    [InlineData("""{"kind":0}""", "kind must be one of")]
    [InlineData("""{"kind":"0"}""", "kind must be one of")]
    [InlineData("""{"kind":"Status, Drop"}""", "kind must be one of")]
    [InlineData("""{"kind":null}""", "kind must be one of")]
    [InlineData("{}", "kind is missing")]
    [InlineData("""{"Kind":"Drop"}""", "Kind is not known. kind is missing")]
    [InlineData("""{"kind":"Drop","call":2,"pth":"/v1"}""", "call is not known. pth is not known")]
    [InlineData("""{"kind":"Drop","kind":"Hang"}""", "names nothing twice")]
    [InlineData("""{"kind":"Drop","calls":0}""", "calls must be a whole number from 1 to 1000000, not 0")]
    [InlineData("""{"kind":"Drop","calls":-1}""", "calls must be")]
    [InlineData("""{"kind":"Drop","calls":99999999999999999999}""", "calls must be")]
    [InlineData("""{"kind":"Drop","calls":1.5}""", "calls must be")]
    [InlineData("""{"kind":"Drop","calls":"2"}""", "calls must be")]
    [InlineData("""{"kind":"Drop","calls":true}""", "calls must be")]
    [InlineData("""{"kind":"Status","status":200}""", "status must be a whole number from 400 to 599")]
    [InlineData("""{"kind":"Hang","milliseconds":-5}""", "milliseconds must be a whole number from 0 to 600000")]
    [InlineData("""{"kind":"Drop","path":"v1/refunds"}""", "path must be a path of the API")]
    [InlineData("""{"kind":"Drop","path":"/v1/refunds/"}""", "path must be a path of the API")]
    [InlineData("""{"kind":"Drop","path":""}""", "path must be a path of the API")]
    [InlineData("""{"kind":"Drop","path":"/v2"}""", "path must be a path of the API")]
    [InlineData("""{"kind":"Drop","method":"PSOT"}""", "method must be one of GET, POST, DELETE")]
    [InlineData("""{"kind":"Drop","calls":-1,"status":1}""", "calls must be", "status must be")]
    [InlineData("{\"kind\":\"Drop\"", "one JSON object")]
    [InlineData("", "one JSON object")]
    [InlineData("null", "one JSON object")]
    [InlineData("[]", "one JSON object")]
    [InlineData("\"Drop\"", "one JSON object")]
    [InlineData("""{"kind":"Drop"} {}""", "one JSON object")]
    [InlineData("""{"\ud800":1}""", "one JSON object")]
    [InlineData("""{"kind":"\ud800"}""", "one JSON object")]
    public async Task A_fault_that_is_none_is_refused(string body, params string[] words)
    {
        await RefusedAsync(400, "POST", "/_emulator/faults", body, words);
        Assert.Equal("[]", await _run.Http.GetStringAsync("/_emulator/faults"));
        Assert.Equal(4900, (await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Intent(4900))).Amount);
    }

    [Theory]
    [InlineData("""{"copiesMin":3,"copiesMax":2}""", "copiesMin (3) must not be more than copiesMax (2)")]
    [InlineData("""{"copiesMin":2}""", "copiesMin (2) must not be more than copiesMax (1)")]
    [InlineData("""{"copiesMax":0}""", "copiesMin (1) must not be more than copiesMax (0)")]
    [InlineData("""{"delayMinMilliseconds":500}""", "delayMinMilliseconds (500) must not be more than delayMaxMilliseconds (0)")]
    [InlineData("""{"copiesMin":-1}""", "copiesMin must be a whole number from 0 to 20")]
    [InlineData("""{"copiesMax":1000000}""", "copiesMax must be a whole number from 0 to 20")]
    [InlineData("""{"delayMaxMilliseconds":86400001}""", "delayMaxMilliseconds must be")]
    [InlineData("""{"events":0}""", "events must be a whole number from 1")]
    [InlineData("""{"hold":"yes"}""", "hold must be true or false")]
    [InlineData("""{"hold":null}""", "hold must be true or false")]
    [InlineData("""{"seed":12345678901}""", "seed must be a whole number")]
    [InlineData("""{"type":"checkout.session.complete"}""", "type must be one of", "checkout.session.completed")]
    [InlineData("""{"type":7}""", "type must be one of")]
    [InlineData("""{"copys":7}""", "copys is not known", "copiesMin")]
    public async Task A_fault_of_webhooks_that_is_none_is_refused(string body, params string[] words)
    {
        await RefusedAsync(400, "POST", "/_emulator/webhooks/faults", body, words);
        Assert.Equal("[]", await _run.Http.GetStringAsync("/_emulator/webhooks/faults"));
    }

    [Theory]
    [InlineData("order=backwards", "order must be one of fifo, reverse, shuffle")]
    [InlineData("order=", "order must be one of fifo, reverse, shuffle")]
    [InlineData("oder=reverse", "oder is not known", "order")]
    [InlineData("order=fifo&order=reverse", "order is there more than once")]
    [InlineData("seed=x", "seed must be a whole number")]
    [InlineData("seed=99999999999", "seed must be a whole number")]
    [InlineData("gapMilliseconds=-1", "gapMilliseconds must be a whole number from 0 to 3600000")]
    [InlineData("gapMilliseconds=2147483647", "gapMilliseconds must be")]
    [InlineData("gapMilliseconds=1.5", "gapMilliseconds must be")]
    public async Task Held_events_stay_held_when_the_release_makes_no_sense(string query, params string[] words)
    {
        await _run.ControlAsync("webhooks/faults", new { events = 10, hold = true });
        await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900));
        var before = await DeliveriesAsync();
        await RefusedAsync(400, "POST", "/_emulator/webhooks/release?" + query, null, words);
        await RefusedAsync(400, "POST", "/_emulator/page/release?" + query, null, words);
        await RefusedAsync(400, "POST", "/_emulator/webhooks/release", """{"order":"reverse"}""", "in the query");
        Assert.Equal(before, await DeliveriesAsync());
    }

    [Theory]
    [InlineData("webhooks/evt_nothing/resend", "There is no event 'evt_nothing'", "resend?id=evt_nothing")]
    [InlineData("payment_intents/pi_nothing/dispute", "There is no payment intent 'pi_nothing'", "dispute?id=pi_nothing")]
    [InlineData("disputes/du_nothing/decision?outcome=won", "There is no dispute 'du_nothing'", "decision?id=du_nothing&outcome=won")]
    [InlineData("refunds/re_nothing/failure", "There is no refund 're_nothing'", "refund-failure?id=re_nothing")]
    public async Task What_is_not_there_is_named(string path, string words, string button)
    {
        await RefusedAsync(404, "POST", "/_emulator/" + path, null, words, "/_emulator/state");
        await RefusedAsync(404, "POST", "/_emulator/page/" + button, null, words);
    }

    [Theory]
    [InlineData("", "outcome is missing")]
    [InlineData("outcome=draw", "outcome must be one of won, lost")]
    [InlineData("outcome=lost&returned=-1", "returned must be a whole number")]
    [InlineData("outcome=lost&returned=4900", "a whole number from 0 to 4899")]
    [InlineData("outcome=lost&returned=99999999999999999999", "returned must be a whole number")]
    [InlineData("outcome=lost&returned=x", "returned must be a whole number")]
    [InlineData("outcome=won&returned=1", "of a dispute that took money and is lost")]
    public async Task A_decision_that_makes_no_sense_leaves_the_dispute_open(string query, string words)
    {
        await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900, "pm_card_createDispute"));
        var dispute = Assert.Single((await _run.Client.V1.Disputes.ListAsync()).Data);
        await RefusedAsync(400, "POST", $"/_emulator/disputes/{dispute.Id}/decision?{query}", null, words);
        Assert.Equal("needs_response", (await _run.Client.V1.Disputes.GetAsync(dispute.Id)).Status);
    }

    [Fact]
    public async Task What_has_happened_already_does_not_happen_again()
    {
        var unpaid = await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Intent(4900));
        var paid = await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900));
        var refund = await _run.Client.V1.Refunds.CreateAsync(new() { PaymentIntent = paid.Id, Amount = 900 });
        await _run.ControlAsync($"refunds/{refund.Id}/failure");
        await _run.ControlAsync($"payment_intents/{paid.Id}/dispute");
        var dispute = Assert.Single((await _run.Client.V1.Disputes.ListAsync()).Data);
        await _run.ControlAsync($"disputes/{dispute.Id}/decision?outcome=lost&returned=300");
        var before = (await _run.StateAsync())["events"]!.AsArray().Count;

        await RefusedAsync(409, "POST", $"/_emulator/refunds/{refund.Id}/failure", null, "failed already");
        await RefusedAsync(409, "POST", $"/_emulator/payment_intents/{paid.Id}/dispute", null, "has a dispute");
        await RefusedAsync(409, "POST", $"/_emulator/payment_intents/{unpaid.Id}/dispute", null, "taken no money");
        await RefusedAsync(409, "POST", $"/_emulator/disputes/{dispute.Id}/decision?outcome=won", null, "closed: lost");
        Assert.Equal(before, (await _run.StateAsync())["events"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("POST", "/_emulator/reset?everything=yes", null, 400, "everything is not known")]
    [InlineData("POST", "/_emulator/reset", """{"everything":true}""", 400, "takes no body")]
    [InlineData("DELETE", "/_emulator/faults?kind=Drop", null, 400, "kind is not known")]
    [InlineData("GET", "/_emulator/state?kind=sessions", null, 400, "kind is not known")]
    [InlineData("POST", "/_emulator/faults?kind=Drop", """{"kind":"Drop"}""", 400, "in the body, not in the query")]
    [InlineData("PUT", "/_emulator/faults", """{"kind":"Drop"}""", 404, "There is no PUT /_emulator/faults", "POST /_emulator/faults")]
    [InlineData("POST", "/_emulator/fault", """{"kind":"Drop"}""", 404, "There is no POST /_emulator/fault", "POST /_emulator/faults")]
    [InlineData("GET", "/_emulator/webhooks", null, 404, "There is no GET /_emulator/webhooks", "POST /_emulator/webhooks/release")]
    [InlineData("POST", "/_emulator/page/fault", "kind=Statuss&calls=1&path=", 400, "kind must be one of")]
    [InlineData("POST", "/_emulator/page/fault", "kind=Drop&calls=0&path=", 400, "calls must be")]
    [InlineData("POST", "/_emulator/page/fault", "kind=Drop&calls=&path=", 400, "calls must be")]
    [InlineData("POST", "/_emulator/page/fault", "kind=Drop&path=", 400, "calls is missing")]
    [InlineData("POST", "/_emulator/page/fault", "kind=Drop&calls=1&path=v1", 400, "path must be")]
    [InlineData("POST", "/_emulator/page/fault", "kind=Drop&calls=1&calls=2", 400, "more than once")]
    [InlineData("POST", "/_emulator/page/webhook-fault", "kind=sometimes&events=1", 400, "kind must be one of late, copies, shuffled, hold, never")]
    [InlineData("POST", "/_emulator/page/webhook-fault", "kind=never&events=100001", 400, "events must be a whole number from 1 to 100000")]
    [InlineData("POST", "/_emulator/page/webhook-fault", "kind=never&events=1&type=charge", 400, "type must be one of")]
    public async Task Whatever_else_is_asked_for_says_what_there_is_and_changes_nothing(string method, string path, string? body, int status, params string[] words)
    {
        await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Intent(4900));
        await _run.ControlAsync("faults", new { kind = "Drop", path = "/v1/refunds" });
        await RefusedAsync(status, method, path, body, words);
        Assert.Single((await _run.StateAsync())["payment_intents"]!.AsArray());
        Assert.Single(JsonNode.Parse(await _run.Http.GetStringAsync("/_emulator/faults"))!.AsArray());
        Assert.Equal("[]", await _run.Http.GetStringAsync("/_emulator/webhooks/faults"));
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_in_UTF_8_is_refused_whatever_it_says()
    {
        async Task Send(int status, byte[] body, string type)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            await Refused.SendAsync(_run.Http, status, "POST", "/_emulator/faults", content);
        }
        var good = """{"kind":"Drop"}""";
        await Send(415, Encoding.UTF8.GetBytes(good), "text/plain");
        await Send(415, Encoding.UTF8.GetBytes(good), "application/x-www-form-urlencoded");
        await Send(400, Encoding.Unicode.GetBytes(good), "application/json");
        await Send(400, [.. Encoding.UTF8.GetBytes("{\"kind\":\"Drop\",\"path\":\""), 0xFF, .. Encoding.UTF8.GetBytes("\"}")], "application/json");
        await Send(400, Encoding.UTF8.GetBytes(new string('[', 10_000)), "application/json");
        await Send(413, Encoding.UTF8.GetBytes(good + new string(' ', 70_000)), "application/json");
        await Refused.SendAsync(_run.Http, 415, "POST", "/_emulator/page/fault", new StringContent(good, Encoding.UTF8, "application/json"));
        await Refused.SendAsync(_run.Http, 400, "POST", "/_emulator/page/fault", new StringContent("--x\r\nbroken", MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x")));
        Assert.Equal("[]", await _run.Http.GetStringAsync("/_emulator/faults"));
    }

    [Fact]
    public async Task The_buttons_of_the_page_still_work()
    {
        foreach (var (path, fields) in new[]
        {
            ("fault", "kind=Status&path=&calls=2"), ("fault", "kind=Hang&path=%2Fv1%2Frefunds&calls=1"), ("webhook-fault", "kind=copies&type=&events=1"),
            ("webhook-fault", "kind=never&type=charge.refunded&events=1"), ("release?order=reverse", ""), ("advance?minutes=31", ""),
        })
        {
            using var content = new StringContent(fields, Encoding.UTF8, Refused.Form);
            using var response = await _run.Http.PostAsync("/_emulator/page/" + path, content);
            Assert.True(response.StatusCode == HttpStatusCode.Redirect, $"{path}: {await response.Content.ReadAsStringAsync()}");
        }
        Assert.Equal(2, JsonNode.Parse(await _run.Http.GetStringAsync("/_emulator/faults"))!.AsArray().Count);
        Assert.Equal(2, JsonNode.Parse(await _run.Http.GetStringAsync("/_emulator/webhooks/faults"))!.AsArray().Count);
        Assert.InRange(await AheadAsync(), (31 * 60) - 5, (31 * 60) + 5);
        using var cleared = await _run.Http.PostAsync("/_emulator/page/clear-faults", null);
        Assert.Equal("[]", await _run.Http.GetStringAsync("/_emulator/faults"));
    }

    [Fact]
    public async Task A_call_that_is_refused_uses_up_no_fault_of_webhooks()
    {
        await _run.ControlAsync("webhooks/faults", new { type = "payment_intent.created", copiesMin = 0, copiesMax = 0 });
        var options = Orders.Intent(4900);
        options.AddExtraParam("no_such_thing", "1");
        await Assert.ThrowsAsync<StripeException>(() => _run.Client.V1.PaymentIntents.CreateAsync(options));
        Assert.Single(JsonNode.Parse(await _run.Http.GetStringAsync("/_emulator/webhooks/faults"))!.AsArray());
        await _run.Client.V1.PaymentIntents.CreateAsync(Orders.Intent(4900));
        Assert.Equal("[]", await _run.Http.GetStringAsync("/_emulator/webhooks/faults"));
        Assert.Empty((await _run.StateAsync())["deliveries"]!.AsArray());
    }

    private Task RefusedAsync(int status, string method, string path, string? body, params string[] words) => Refused.AsAsync(_run.Http, status, method, path, body, words);

    private async Task<double> AheadAsync() => (DateTimeOffset.Parse((string)(await _run.StateAsync())["now"]!, System.Globalization.CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow).TotalSeconds;

    private async Task<string> DeliveriesAsync() => (await _run.StateAsync())["deliveries"]!.ToJsonString();
}
