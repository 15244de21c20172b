using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Audit;
using Commerce.Jobs;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Jobs;

public class JobsTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private const string Jobs = "/api/v1/admin/jobs";

    [Theory]
    [InlineData("")]
    [InlineData("/health")]
    [InlineData("/recurring")]
    [InlineData("/page")]
    public async Task The_jobs_are_for_staff_only(string path)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.Client.GetAsync(Jobs + path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await shop.Staff.GetAsync(Jobs + path)).StatusCode);
    }

    [Fact]
    public async Task Dead_letters_are_listed_page_by_page_and_replayed_one_by_one_or_by_kind()
    {
        var kind = NewKind();
        var ids = await DeadAsync(kind, 5);
        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await ShopApi.OkAsync(shop.Staff.GetAsync($"{Jobs}?list=dead&kind={kind}&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}"));
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(job => job.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(ids.Reverse(), seen);

        var one = await ShopApi.OkAsync(shop.Staff.GetAsync($"{Jobs}/{ids[0]}"));
        Assert.Contains("second line", one.GetProperty("failureDetail").GetString());
        Assert.Equal(1, await MoveAsync("replays", new { id = ids[0] }));
        Assert.Equal((JobState.Pending, 0), await StateAsync(ids[0]));
        Assert.Equal(4, await MoveAsync("replays", new { kind }));
        Assert.Equal((JobState.Pending, 0), await StateAsync(ids[4]));
        await using var db = shop.Open();
        var audit = await db.Set<AuditEntry>().Where(e => e.Action == "jobs.replayed" && (e.Subject == $"job:{ids[0]}" || e.Subject == $"jobs:{kind}")).ToListAsync();
        Assert.Equal(2, audit.Count);
        Assert.All(audit, entry => Assert.Equal((ActorKind.Staff, "staff@shop.test"), (entry.ActorKind, entry.ActorName)));
    }

    [Fact]
    public async Task Discarding_wants_a_reason_and_leaves_it_in_the_audit_trail()
    {
        var kind = NewKind();
        var id = (await DeadAsync(kind, 1))[0];
        Assert.Equal((HttpStatusCode.BadRequest, AuditRefusals.ReasonMissing), await CodeAsync(shop.Staff.AskAsync(HttpMethod.Post, "/jobs/discards", new { id }, reason: null)));
        Assert.Equal((JobState.Dead, 3), await StateAsync(id));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Jobs}/discards") { Content = JsonContent.Create(new { id }) };
        request.Headers.Add("X-Reason", "told%20by%20phone");
        Assert.Equal(1, (await ShopApi.OkAsync(shop.Staff.SendAsync(request))).GetProperty("count").GetInt32());
        Assert.Equal(JobState.Discarded, (await StateAsync(id)).State);
        await using var db = shop.Open();
        Assert.Equal("told by phone", (await db.Set<AuditEntry>().SingleAsync(e => e.Subject == $"job:{id}")).Reason);
    }

    [Fact]
    public async Task What_is_no_dead_letter_stays_as_it_is()
    {
        Assert.Equal((HttpStatusCode.NotFound, JobRefusals.NotFound), await RefusedAsync("replays", new { id = Guid.NewGuid() }));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, JobRefusals.ChoiceMissing), await RefusedAsync("replays", new { }));
        var id = (await DeadAsync(NewKind(), 1))[0];
        Assert.Equal(1, await MoveAsync("replays", new { id }));
        Assert.Equal((HttpStatusCode.Conflict, JobRefusals.NotDead), await RefusedAsync("replays", new { id }));
        Assert.Equal((HttpStatusCode.NotFound, JobRefusals.NotFound), await CodeAsync(shop.Staff.GetAsync($"{Jobs}/{Guid.NewGuid()}")));
        Assert.Equal((HttpStatusCode.BadRequest, JobRefusals.CursorInvalid), await CodeAsync(shop.Staff.GetAsync($"{Jobs}?cursor=nonsense")));
    }

    [Fact]
    public async Task Health_names_the_alert_of_a_dead_letter_and_its_runbook()
    {
        var kind = NewKind();
        await DeadAsync(kind, 2);
        var health = await ShopApi.OkAsync(shop.Staff.GetAsync($"{Jobs}/health"));
        var alert = Assert.Single(health.GetProperty("alerts").EnumerateArray(), alert => alert.GetProperty("name").GetString() == "dead-letters");
        Assert.Contains(kind, alert.GetProperty("summary").GetString());
        Assert.Equal("docs/runbooks/dead-letters.md", alert.GetProperty("runbook").GetString());
        Assert.Equal(["high", "normal", "low"], health.GetProperty("queues").EnumerateArray().Select(queue => queue.GetProperty("priority").GetString()));
    }

    [Fact]
    public async Task The_page_shows_dead_letters_encoded_and_its_forms_work_only_from_itself()
    {
        var kind = NewKind();
        var id = (await DeadAsync(kind, 1))[0];
        var answer = await shop.Staff.GetAsync($"{Jobs}/page?kind={kind}&notice=%3Cscript%3E");
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Contains(id.ToString(), html);
        Assert.Contains("&lt;b&gt;first line", html);
        Assert.DoesNotContain("<script", html);
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());

        Assert.Equal(HttpStatusCode.Forbidden, (await PostFormAsync("replay", "cross-site", ("id", $"{id}"))).StatusCode);
        var unreasoned = await PostFormAsync("discard", "same-origin", ("id", $"{id}"), ("why", " "));
        Assert.Equal("text/html", unreasoned.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Nothing was done: say why", await unreasoned.Content.ReadAsStringAsync());
        Assert.Equal((JobState.Dead, 3), await StateAsync(id));
        var replayed = await PostFormAsync("replay", "same-origin", ("id", $"{id}"), ("why", "repaired"));
        Assert.Contains("1 run again.", await replayed.Content.ReadAsStringAsync());
        Assert.Equal((JobState.Pending, 0), await StateAsync(id));
        var again = await PostFormAsync("discard", "same-origin", ("id", $"{id}"), ("why", "late"));
        Assert.Contains("Nothing was done: This job is no dead letter.", await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_machine_that_may_uses_the_forms_of_the_page_in_its_own_name()
    {
        var id = (await DeadAsync(NewKind(), 1))[0];
        using var machine = await shop.MachineAsync("jobs:write");
        await PostFormAsync(machine, "discard", "same-origin", ("id", $"{id}"), ("why", "told by phone"));
        Assert.Equal(JobState.Discarded, (await StateAsync(id)).State);
        Assert.Equal(("jobs.discarded", "robot", "told by phone"), await shop.NewestAuditAsync($"job:{id}"));
    }

    [Fact]
    public async Task The_page_says_what_its_lists_leave_out_and_where_that_is()
    {
        await using (var db = shop.Open())
        {
            db.AddRange(Enumerable.Range(0, 30).Select(_ => new OutboxRow
            {
                Kind = NewKind(),
                Version = 1,
                Arguments = "{}",
                Priority = JobPriority.Low,
                State = JobState.Pending,
                RunAfter = DateTimeOffset.UtcNow.AddDays(2),
            }));
            await db.SaveChangesAsync();
        }
        var html = await (await shop.Staff.GetAsync($"{Jobs}/page")).Content.ReadAsStringAsync();
        var link = System.Text.RegularExpressions.Regex.Match(html, "The first 25 of [0-9,]+; <a href=\"([^\"]+)\">").Groups[1].Value.Replace("&amp;", "&", StringComparison.Ordinal);
        Assert.Contains("list=scheduled", link);
        Assert.InRange((await ShopApi.OkAsync(shop.Staff.GetAsync(link))).GetProperty("items").GetArrayLength(), 5, 50);
    }

    private static string NewKind() => $"test-{Guid.NewGuid():N}";

    private async Task<Guid[]> DeadAsync(string kind, int count)
    {
        await using var db = shop.Open();
        var now = DateTimeOffset.UtcNow;
        OutboxRow[] rows = [.. Enumerable.Range(0, count).Select(i => new OutboxRow
        {
            Kind = kind, Version = 1, Arguments = "{}", Priority = JobPriority.Normal, State = JobState.Dead, Attempt = 3, Failures = 3,
            FailureReason = "unexpected", FailureDetail = "<b>first line\nsecond line", SettledAt = now.AddSeconds(i),
        })];
        db.AddRange(rows);
        await db.SaveChangesAsync();
        return [.. rows.Select(row => row.Id)];
    }

    private async Task<(JobState State, int Failures)> StateAsync(Guid id)
    {
        await using var db = shop.Open();
        var row = await db.Set<OutboxRow>().AsNoTracking().SingleAsync(row => row.Id == id);
        return (row.State, row.Failures);
    }

    private async Task<int> MoveAsync(string verb, object which) =>
        (await ShopApi.OkAsync(shop.Staff.PostAsJsonAsync($"{Jobs}/{verb}", which))).GetProperty("count").GetInt32();

    private Task<(HttpStatusCode, string?)> RefusedAsync(string verb, object which) => CodeAsync(shop.Staff.PostAsJsonAsync($"{Jobs}/{verb}", which));

    private static async Task<(HttpStatusCode, string?)> CodeAsync(Task<HttpResponseMessage> call)
    {
        var response = await call;
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, body.RootElement.GetProperty("code").GetString());
    }

    private Task<HttpResponseMessage> PostFormAsync(string verb, string site, params (string Name, string Value)[] fields) => PostFormAsync(shop.Staff, verb, site, fields);

    private static Task<HttpResponseMessage> PostFormAsync(HttpClient client, string verb, string site, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{Jobs}/page/{verb}")
        {
            Content = new FormUrlEncodedContent(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))),
        };
        request.Headers.Add("Sec-Fetch-Site", site);
        return client.SendAsync(request);
    }
}
