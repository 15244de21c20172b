using System.Net;
using System.Text.Json.Nodes;

namespace Tests.PagerDuty;

/// <summary>The wire as PagerDuty documents it: limits, shapes, answers.</summary>
public sealed class EnqueueTests : IAsyncLifetime
{
    private BellRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await BellRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task A_trigger_is_accepted_and_opens_an_incident()
    {
        var (status, answer) = await _run.SendAsync(BellRun.Trigger());
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal("""{"status":"success","message":"Event processed","dedup_key":"shop/outbox"}""", answer.ToJsonString());
        var incident = Assert.Single(await _run.IncidentsAsync())!;
        Assert.Equal(("triggered", "critical", "The outbox is stuck", "worker-1"),
            ((string?)incident["status"], (string?)incident["severity"], (string?)incident["summary"], (string?)incident["source"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    public async Task What_is_no_json_object_is_not_recognised(string body)
    {
        var (status, answer) = await _run.SendAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("""{"status":"Unrecognized object","message":"Event object format is unrecognized","errors":["JSON parse error"]}""", answer.ToJsonString());
    }

    public static TheoryData<string, string?, string> Wrong => new()
    {
        { "routing_key", null, "'routing_key' is missing or blank" },
        { "routing_key", "\"short\"", "Length of 'routing_key' is incorrect (should be 32 characters)" },
        { "routing_key", "\"0123456789abcdef0123456789abcde-\"", "'routing_key' cannot contain non-alphanumeric characters." },
        { "routing_key", "12", "'routing_key' must be a string" },
        { "event_action", null, "'event_action' is missing or blank" },
        { "event_action", "\"snooze\"", "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')" },
        { "payload", null, "'payload' is missing or blank" },
        { "payload", "[]", "'payload' must be an object" },
        { "payload.summary", null, "'payload.summary' is missing or blank" },
        { "payload.summary", "\"  \"", "'payload.summary' is missing or blank" },
        { "payload.source", null, "'payload.source' is missing or blank" },
        { "payload.severity", null, "'payload.severity' is missing or blank" },
        { "payload.severity", "\"fatal\"", "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')" },
        { "payload.timestamp", "\"yesterday\"", "'payload.timestamp' is invalid (must be an ISO 8601 date and time)" },
        { "payload.custom_details", "\"text\"", "'payload.custom_details' must be an object" },
        { "payload.component", "7", "'payload.component' must be a string" },
        { "client_url", "\"shop\"", "'client_url' is not a valid URL" },
        { "links", "{}", "'links' must be an array" },
        { "links", "[1]", "'links[0]' must be an object" },
        { "links", "[{\"text\":\"x\"}]", "'links[0].href' is missing or blank" },
        { "links", "[{\"href\":\"javascript:alert(1)\"}]", "'links[0].href' is not a valid URL" },
        { "images", "[{\"src\":\"http://shop.example/a.png\"}]", "'images[0].src' is not a valid HTTPS URL" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_malformed_event_is_refused_by_name_and_nothing_happens(string path, string? value, string error)
    {
        var body = BellRun.Trigger();
        var parent = path.Contains('.', StringComparison.Ordinal) ? body["payload"]!.AsObject() : body;
        var name = path.Split('.')[^1];
        if (value is null) parent.Remove(name);
        else parent[name] = JsonNode.Parse(value);
        var (status, answer) = await _run.SendAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(("invalid event", "Event object is invalid"), ((string?)answer["status"], (string?)answer["message"]));
        Assert.Equal(error, Assert.Single(answer["errors"]!.AsArray())!.GetValue<string>());
        Assert.Empty(await _run.IncidentsAsync());
    }

    [Fact]
    public async Task Limits_are_exact()
    {
        await _run.AcceptAsync(BellRun.Trigger(new string('k', 255), new string('s', 1024)));
        var (tooLong, answer) = await _run.SendAsync(BellRun.Trigger(new string('k', 256), new string('s', 1025)));
        Assert.Equal(HttpStatusCode.BadRequest, tooLong);
        Assert.Equal(2, answer["errors"]!.AsArray().Count);
        var large = BellRun.Trigger();
        large["payload"]!["custom_details"]!["text"] = new string('x', 512 * 1024);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _run.SendAsync(large)).Status);
        Assert.Single(await _run.IncidentsAsync());
    }

    [Theory]
    [InlineData("acknowledge")]
    [InlineData("resolve")]
    public async Task What_follows_a_trigger_needs_its_dedup_key(string action)
    {
        var body = BellRun.Follow(action);
        body.Remove("dedup_key");
        var (status, answer) = await _run.SendAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("'dedup_key' is missing or blank", (string?)Assert.Single(answer["errors"]!.AsArray()));
    }

    [Fact]
    public async Task A_trigger_without_a_key_gets_one_and_never_meets_another()
    {
        var body = BellRun.Trigger();
        body.Remove("dedup_key");
        var first = (string?)(await _run.SendAsync(body)).Answer["dedup_key"];
        var second = (string?)(await _run.SendAsync(body)).Answer["dedup_key"];
        Assert.NotEqual(first, second);
        Assert.Equal(2, (await _run.IncidentsAsync()).Count);
    }

    [Fact]
    public async Task Only_the_known_key_is_taken_where_one_is_set()
    {
        await using var strict = await BellRun.StartAsync("--PagerDuty:RoutingKey", new string('f', 32));
        var (status, answer) = await strict.SendAsync(BellRun.Trigger());
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("Invalid routing key", (string?)answer["errors"]![0]);
    }
}
