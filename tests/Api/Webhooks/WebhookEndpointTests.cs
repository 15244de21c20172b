using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Audit;
using Commerce.Outbox;
using Commerce.Webhooks;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Webhooks;

public sealed class WebhookEndpointTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private const string Address = "/api/v1/admin/webhook-endpoints";

    [Fact]
    public async Task An_endpoint_is_added_changed_rotated_and_removed_and_its_secret_is_shown_only_when_made()
    {
        var added = await ShopApi.OkAsync(shop.Staff.PostAsJsonAsync(Address, new { url = "https://erp.example/hook", eventTypes = new[] { "order.paid", "order.paid" } }));
        var (id, secret) = (added.GetProperty("endpoint").GetProperty("id").GetGuid(), added.GetProperty("secret").GetString()!);
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        var path = $"/webhook-endpoints/{id}";
        var wish = new { url = "https://erp.example/2", eventTypes = new[] { "stock.low" }, isEnabled = false };
        var seen = await shop.Staff.TagAsync(path);
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, path, wish, 428, "request.precondition-required");
        var changed = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, path, wish, seen));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, path, wish, 412, "request.precondition-failed", seen);
        Assert.Equal(("https://erp.example/2", false), (changed.GetProperty("url").GetString(), changed.GetProperty("isEnabled").GetBoolean()));
        var rotated = await ShopApi.OkAsync(shop.Staff.PostAsync($"{Address}/{id}/secret-rotations", null));
        Assert.NotEqual(secret, rotated.GetProperty("secret").GetString());
        var list = await ShopApi.OkAsync(shop.Staff.GetAsync(Address));
        Assert.DoesNotContain("whsec_", list.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await shop.Staff.DeleteAsync($"{Address}/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Staff.DeleteAsync($"{Address}/{id}")).StatusCode);
        await using var db = shop.Open();
        var trail = await db.Set<AuditEntry>().Where(e => e.Subject == $"webhook-endpoint:{id}").OrderBy(e => e.Id).Select(e => e.Action).ToListAsync();
        Assert.Equal(["webhooks.endpoint-added", "webhooks.endpoint-changed", "webhooks.secret-rotated", "webhooks.endpoint-removed"], trail);
    }

    [Theory]
    [InlineData("http://erp.example/", HttpStatusCode.UnprocessableEntity)]
    [InlineData("https://user:secret@erp.example/", HttpStatusCode.UnprocessableEntity)]
    [InlineData("ftp://erp.example/", HttpStatusCode.UnprocessableEntity)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task A_bad_address_is_refused(string url, HttpStatusCode expected) =>
        Assert.Equal(expected, (await shop.Staff.PostAsJsonAsync(Address, new { url, eventTypes = new[] { "order.paid" } })).StatusCode);

    [Fact]
    public async Task An_unknown_event_type_is_malformed_and_shoppers_have_no_door_here()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Staff.PostAsJsonAsync(Address, new { url = "https://erp.example/", eventTypes = new[] { "order.eaten" } })).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.Client.GetAsync(Address)).StatusCode);
    }

    [Fact]
    public async Task The_delivery_log_is_paged_and_an_event_can_be_sent_again()
    {
        Guid endpointId, deliveryId = default;
        await using (var db = shop.Open())
        {
            var endpoint = new WebhookEndpoint { Url = "https://erp.example/", EventTypes = ["order.paid"], CreatedAt = DateTimeOffset.UtcNow };
            db.Add(endpoint);
            endpointId = endpoint.Id;
            for (var i = 0; i < 3; i++)
            {
                var happened = new WebhookEvent { Id = Guid.CreateVersion7(), Type = "order.paid", Body = "{}", CreatedAt = DateTimeOffset.UtcNow };
                var delivery = new WebhookDelivery { EventId = happened.Id, EndpointId = endpoint.Id, State = WebhookDeliveryState.Failed };
                deliveryId = delivery.Id;
                db.AddRange(happened, delivery, new WebhookAttempt { DeliveryId = delivery.Id, At = happened.CreatedAt, Status = 500, Took = TimeSpan.FromMilliseconds(12), Response = "no" });
            }
            await db.SaveChangesAsync();
        }
        var first = await ShopApi.OkAsync(shop.Staff.GetAsync($"{Address}/{endpointId}/deliveries?limit=2"));
        Assert.Equal(500, first.GetProperty("items")[0].GetProperty("attempts")[0].GetProperty("status").GetInt32());
        await shop.Staff.AssertRefusedAsync(HttpMethod.Get, $"/webhook-endpoints/{Guid.NewGuid()}/deliveries", null, 404, WebhookRefusals.EndpointNotFound);
        var rest = await ShopApi.OkAsync(shop.Staff.GetAsync($"{Address}/{endpointId}/deliveries?limit=2&cursor={first.GetProperty("nextCursor").GetString()}"));
        Assert.Equal((1, JsonValueKind.Null), (rest.GetProperty("items").GetArrayLength(), rest.GetProperty("nextCursor").ValueKind));

        var presses = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => shop.Staff.PostAsync($"/api/v1/admin/webhook-deliveries/{deliveryId}/redeliveries", null)));
        Assert.All(presses, answer => Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode));
        await using var look = shop.Open();
        var row = Assert.Single(await look.Set<OutboxRow>().Where(r => r.Kind == JobKinds.DeliverWebhook).ToListAsync(), row => row.Arguments.Contains(deliveryId.ToString(), StringComparison.Ordinal));
        var again = await look.Set<WebhookDelivery>().AsNoTracking().SingleAsync(d => d.Id == deliveryId);
        Assert.Equal((WebhookDeliveryState.Pending, row.Id), (again.State, again.JobId));
        // A job that was given up for good is no reason not to send again.
        await look.Set<OutboxRow>().Where(r => r.Id == row.Id).ExecuteUpdateAsync(r => r.SetProperty(x => x.State, JobState.Discarded).SetProperty(x => x.SettledAt, DateTimeOffset.UtcNow).SetProperty(x => x.FailureReason, "test"));
        Assert.Equal(HttpStatusCode.Accepted, (await shop.Staff.PostAsync($"/api/v1/admin/webhook-deliveries/{deliveryId}/redeliveries", null)).StatusCode);
        Assert.NotEqual(row.Id, await look.Set<WebhookDelivery>().Where(d => d.Id == deliveryId).Select(d => d.JobId!.Value).SingleAsync());
        await look.Set<WebhookEndpoint>().Where(e => e.Id == endpointId).ExecuteUpdateAsync(e => e.SetProperty(x => x.IsEnabled, false));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, $"/webhook-deliveries/{deliveryId}/redeliveries", null, 409, "webhooks.endpoint-disabled");
    }
}
