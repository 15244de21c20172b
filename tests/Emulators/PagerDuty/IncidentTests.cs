using System.Net;

namespace Tests.PagerDuty;

public sealed class IncidentTests : IAsyncLifetime
{
    private BellRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await BellRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task The_same_key_is_one_incident_until_it_is_resolved_and_a_new_one_afterwards()
    {
        await _run.AcceptAsync(BellRun.Trigger(severity: "warning"));
        await _run.AcceptAsync(BellRun.Trigger(summary: "Still stuck", severity: "critical"));
        await _run.AcceptAsync(BellRun.Follow("acknowledge"));
        await _run.AcceptAsync(BellRun.Trigger(summary: "And still"));
        var open = Assert.Single(await _run.IncidentsAsync())!;
        Assert.Equal(("acknowledged", "critical", "And still", 4), ((string?)open["status"], (string?)open["severity"], (string?)open["summary"], open["timeline"]!.AsArray().Count));
        await _run.AcceptAsync(BellRun.Follow("resolve"));
        await _run.AcceptAsync(BellRun.Trigger());
        var both = await _run.IncidentsAsync();
        Assert.Equal(["triggered", "resolved"], both.Select(incident => (string?)incident!["status"]));
    }

    [Fact]
    public async Task What_finds_nothing_open_is_accepted_and_dropped()
    {
        await _run.AcceptAsync(BellRun.Follow("resolve"));
        await _run.AcceptAsync(BellRun.Trigger());
        await _run.AcceptAsync(BellRun.Follow("resolve", key: new string('0', 32)));
        await _run.AcceptAsync(BellRun.Follow("acknowledge", "another"));
        Assert.Equal("triggered", (string?)Assert.Single(await _run.IncidentsAsync())!["status"]);
        var dropped = await _run.Http.GetStringAsync("/_emulator/dropped");
        Assert.Equal(3, System.Text.Json.Nodes.JsonNode.Parse(dropped)!.AsArray().Count);
    }

    [Fact]
    public async Task Incidents_survive_the_process_and_half_a_line()
    {
        await _run.AcceptAsync(BellRun.Trigger("a"));
        await _run.AcceptAsync(BellRun.Trigger("b"));
        await _run.AcceptAsync(BellRun.Follow("resolve", "a"));
        await _run.RestartAsync(file => File.AppendAllTextAsync(file, "{\"at\":\"2026"));
        Assert.Equal(["triggered", "resolved"], (await _run.IncidentsAsync()).Select(incident => (string?)incident!["status"]));
        await _run.AcceptAsync(BellRun.Follow("resolve", "b"));
        await _run.RestartAsync();
        Assert.All(await _run.IncidentsAsync(), incident => Assert.Equal("resolved", (string?)incident!["status"]));
    }

    [Fact]
    public async Task A_damaged_file_stops_the_start_and_is_named()
    {
        await _run.AcceptAsync(BellRun.Trigger());
        var stopped = await Assert.ThrowsAsync<InvalidDataException>(() => _run.RestartAsync(async file => await File.WriteAllTextAsync(file, "rubbish\n")));
        Assert.Contains("events.jsonl", stopped.Message, StringComparison.Ordinal);
        await _run.RestartAsync(file => { File.Delete(file); return Task.CompletedTask; });
    }

    [Fact]
    public async Task Faults_fail_as_armed_and_then_all_is_well()
    {
        await _run.FaultAsync(new { kind = "Status", status = 429 });
        await _run.FaultAsync(new { kind = "Status" });
        await _run.FaultAsync(new { kind = "Drop" });
        await _run.FaultAsync(new { kind = "DropAfter" });
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _run.SendAsync(BellRun.Trigger("a"))).Status);
        Assert.Equal(HttpStatusCode.InternalServerError, (await _run.SendAsync(BellRun.Trigger("b"))).Status);
        await Assert.ThrowsAsync<HttpRequestException>(() => _run.SendAsync(BellRun.Trigger("c")));
        Assert.Empty(await _run.IncidentsAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => _run.SendAsync(BellRun.Trigger("d")));
        await _run.AcceptAsync(BellRun.Trigger("e"));
        Assert.Equal(["e", "d"], (await _run.IncidentsAsync()).Select(incident => (string?)incident!["dedupKey"]));
    }

    [Fact]
    public async Task A_hanging_answer_comes_late_and_good()
    {
        await _run.FaultAsync(new { kind = "Hang", milliseconds = 700 });
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await _run.AcceptAsync(BellRun.Trigger());
        Assert.True(watch.ElapsedMilliseconds >= 650, $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Pages_show_what_happened_and_encode_it()
    {
        var hostile = BellRun.Trigger(summary: "<img src=x onerror=alert(1)>");
        hostile["payload"]!["custom_details"]!["<b>"] = "<i>";
        await _run.AcceptAsync(hostile);
        foreach (var path in new[] { "/", "/?show=triggered", "/incidents/1" })
        {
            var page = await _run.Http.GetStringAsync(path);
            Assert.Contains("&lt;img src=x", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<i>", page, StringComparison.Ordinal);
        }
        Assert.Contains("Triggered <small>1</small>", await _run.Http.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Contains("https://shop.example/runbook", await _run.Http.GetStringAsync("/incidents/1"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _run.Http.GetAsync("/incidents/2")).StatusCode);
    }

    [Fact]
    public async Task A_person_acknowledges_and_resolves_on_the_page_and_no_other_site_does()
    {
        await _run.AcceptAsync(BellRun.Trigger());
        using (var foreign = new HttpRequestMessage(HttpMethod.Post, "/incidents/1/resolve"))
        {
            foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
            Assert.Equal(HttpStatusCode.Forbidden, (await _run.Http.SendAsync(foreign)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.Redirect, (await _run.Http.PostAsync("/incidents/1/acknowledge", null)).StatusCode);
        Assert.Equal("acknowledged", (string?)Assert.Single(await _run.IncidentsAsync())!["status"]);
        await _run.Http.PostAsync("/incidents/1/resolve", null);
        await _run.RestartAsync();
        Assert.Equal("resolved", (string?)Assert.Single(await _run.IncidentsAsync())!["status"]);
    }
}
