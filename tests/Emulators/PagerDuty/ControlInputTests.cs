using System.Net;
using System.Text;

namespace Tests.PagerDuty;

/// <summary>Controls that are told what makes no sense: they say what is wrong and what is taken, and nothing has changed.</summary>
public sealed class ControlInputTests : IAsyncLifetime
{
    private BellRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await BellRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Theory]
    [InlineData("POST", "/_emulator/faults", """{"kind":"ErrorAfter"}""", 400, "kind must be one of Status, Hang, Drop, DropAfter")]
    [InlineData("POST", "/_emulator/faults", """{"kind":3}""", 400, "kind must be one of")]
    [InlineData("POST", "/_emulator/faults", "{}", 400, "kind is missing")]
    [InlineData("POST", "/_emulator/faults", """{"kind":"Status","status":600}""", 400, "status must be a whole number from 400 to 599")]
    [InlineData("POST", "/_emulator/faults", """{"kind":"Status","calls":-1}""", 400, "calls must be a whole number from 1 to 1000000")]
    [InlineData("POST", "/_emulator/faults", """{"kind":"Hang","milliseconds":1e9}""", 400, "milliseconds must be a whole number from 0 to 600000")]
    [InlineData("POST", "/_emulator/faults", """{"kind":"Drop","path":"/v2"}""", 400, "path is not known", "milliseconds")]
    [InlineData("POST", "/_emulator/faults", "nonsense", 400, "one JSON object")]
    [InlineData("POST", "/faults", "kind=503&calls=1", 400, "kind must be one of 429, 500, hang, drop, drop-after")]
    [InlineData("POST", "/faults", "kind=429&calls=many", 400, "calls must be a whole number from 1 to 100000")]
    [InlineData("POST", "/faults", "kind=429", 400, "calls is missing")]
    [InlineData("GET", "/_emulator/incidents?status=open", null, 400, "status must be one of triggered, acknowledged, resolved")]
    [InlineData("GET", "/_emulator/incidents?dedup_key=x", null, 400, "dedup_key is not known", "dedupKey")]
    [InlineData("POST", "/_emulator/reset", "{\"all\":true}", 400, "takes no body")]
    [InlineData("GET", "/_emulator/state", null, 404, "There is no GET /_emulator/state", "GET /_emulator/incidents")]
    public async Task What_makes_no_sense_is_refused_and_changes_nothing(string method, string path, string? body, int status, params string[] words)
    {
        await _run.AcceptAsync(BellRun.Trigger());
        await Refused.AsAsync(_run.Http, status, method, path, body, words);
        Assert.Equal("[]", await _run.Http.GetStringAsync("/_emulator/faults"));
        Assert.Single(await _run.IncidentsAsync());
    }

    [Fact]
    public async Task An_incident_that_is_not_there_is_neither_acknowledged_nor_resolved()
    {
        foreach (var action in new[] { "acknowledge", "resolve" })
            Assert.Equal(HttpStatusCode.NotFound, (await _run.Http.PostAsync($"/incidents/7/{action}", null)).StatusCode);
    }

    [Fact]
    public async Task The_form_of_the_page_arms_a_fault()
    {
        using var content = new StringContent("kind=429&calls=2", Encoding.UTF8, Refused.Form);
        Assert.Equal(HttpStatusCode.Redirect, (await _run.Http.PostAsync("/faults", content)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _run.SendAsync(BellRun.Trigger())).Status);
    }

    [Theory]
    [InlineData("""{"routing_key":"a","routing_key":"b"}""")]
    [InlineData("""{"routing_key":"\ud800"}""")]
    [InlineData("""{"\ud800":1}""")]
    public async Task An_event_that_no_parser_agrees_on_is_refused(string body)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await _run.SendAsync(body)).Status);
        Assert.Empty(await _run.IncidentsAsync());
    }
}
