using System.Net;
using Commerce.OnCall;

namespace Tests.Api.OnCall;

public sealed class ReadRunbookTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task Where_an_incident_leads_there_is_its_runbook()
    {
        foreach (var alert in Alerts.All.Values)
        {
            using var response = await shop.Client.GetAsync($"/api/runbooks/{Path.GetFileName(alert.Runbook)}");
            Assert.Equal((HttpStatusCode.OK, "text/markdown"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
            Assert.StartsWith($"# {alert.Name}", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Client.GetAsync("/api/runbooks/nothing.md")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Client.GetAsync("/api/runbooks/..%2Fopenapi.v1.json")).StatusCode);
    }
}
