using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Orders;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Payments;

namespace Tests.Api.Orders;

public class FulfilmentTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task An_order_is_sent_in_parts_and_its_buyer_can_follow_each_of_them()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide, quantity: 3);
        var first = await ShopApi.OkAsync(desk.FulfilAsync(new { lines = new[] { new { position = 1, quantity = 2 } }, carrier = "DHL", trackingNumber = "JJD1", trackingUrl = "https://dhl.example/JJD1" }));
        Assert.Equal("partial", (await desk.ReadAsync()).GetProperty("fulfilmentStatus").GetString());
        await ShopApi.OkAsync(desk.FulfilAsync(new { }));
        var order = await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/orders/{desk.Purchase.Number}?key={desk.Purchase.Key}"));
        Assert.Equal("fulfilled", order.GetProperty("fulfilmentStatus").GetString());
        var parcels = order.GetProperty("fulfilments").EnumerateArray().ToList();
        Assert.Equal([2, 1], parcels.Select(p => p.GetProperty("lines")[0].GetProperty("quantity").GetInt32()));
        Assert.Equal("https://dhl.example/JJD1", parcels[0].GetProperty("trackingUrl").GetString());

        await using var db = shop.Open();
        var key = $"fulfilment:{first.GetProperty("id").GetGuid()}";
        Assert.Equal(1, await db.Set<OutboxRow>().CountAsync(r => r.Kind == JobKinds.SendShippingNotice && r.DedupeKey == key));
        var entry = (await desk.ReadAsync()).GetProperty("history").EnumerateArray().First(e => e.GetProperty("action").GetString() == "orders.fulfilled");
        Assert.Equal(("staff@shop.test", "because"), (entry.GetProperty("actor").GetProperty("name").GetString(), entry.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task The_same_key_is_one_parcel_however_many_clicks_and_another_request_under_it_is_refused()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide, quantity: 2);
        var key = Guid.NewGuid().ToString();
        var body = new { lines = new[] { new { position = 1, quantity = 1 } } };
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ShopApi.OkAsync(desk.FulfilAsync(body, key))));
        Assert.Single(answers.Select(a => a.GetRawText()).Distinct());
        Assert.Single((await desk.ReadAsync()).GetProperty("fulfilments").EnumerateArray());
        await StaffDesk.AssertRefusedAsync(desk.FulfilAsync(new { }, key), HttpStatusCode.UnprocessableEntity, OrderRefusals.KeyReused);
    }

    [Fact]
    public async Task No_unit_is_sent_twice_by_two_who_send_at_once()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide, quantity: 3);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => desk.FulfilAsync(new { lines = new[] { new { position = 1, quantity = 1 } } })));
        Assert.Equal(3, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.Created), a => Assert.Equal(HttpStatusCode.UnprocessableEntity, a.StatusCode));
        Assert.Equal(3, (await desk.ReadAsync()).GetProperty("lines")[0].GetProperty("fulfilled").GetInt32());
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused_and_leaves_nothing()
    {
        var unpaid = new StaffDesk(await Purchase.PlaceAsync(shop, shop.Tide));
        await StaffDesk.AssertRefusedAsync(unpaid.FulfilAsync(new { }), HttpStatusCode.Conflict, OrderRefusals.NotPaid);
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        await StaffDesk.AssertRefusedAsync(desk.FulfilAsync(new { lines = new[] { new { position = 1, quantity = 2 } } }), HttpStatusCode.UnprocessableEntity, OrderRefusals.LineInvalid);
        await StaffDesk.AssertRefusedAsync(desk.FulfilAsync(new { lines = new[] { new { position = 9, quantity = 1 } } }), HttpStatusCode.UnprocessableEntity, OrderRefusals.LineInvalid);
        await StaffDesk.AssertRefusedAsync(desk.FulfilAsync(new { trackingUrl = "javascript:alert(1)" }), HttpStatusCode.BadRequest, "request.invalid");
        Assert.Empty((await desk.ReadAsync()).GetProperty("fulfilments").EnumerateArray());
        await ShopApi.OkAsync(desk.FulfilAsync(new { }));
        await StaffDesk.AssertRefusedAsync(desk.FulfilAsync(new { }), HttpStatusCode.Conflict, OrderRefusals.AlreadyShipped);
        await StaffDesk.AssertRefusedAsync(desk.PostAsync("cancellation", new { restock = true }), HttpStatusCode.Conflict, OrderRefusals.AlreadyShipped);
    }

    [Theory]
    [InlineData("ftp://x")]
    [InlineData("http://x.example/a b")]
    [InlineData(" https://x.example/1")]
    [InlineData("https://x.example/1\n")]
    [InlineData("https://dhl.example@evil.example/1")]
    [InlineData("https://ann:secret@x.example/1")]
    [InlineData("https:\\\\x.example\\1")]
    [InlineData("https:/x.example/1")]
    [InlineData("https://")]
    [InlineData("//x.example/1")]
    [InlineData("x.example/1")]
    [InlineData("https://x.example/%zz\u202e")]
    [InlineData("")]
    public async Task A_tracking_address_is_a_whole_well_formed_one_of_the_web(string address)
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        using var refused = await desk.FulfilAsync(new { trackingUrl = address });
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (refused.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal("The field trackingUrl takes a whole address of the web, https://… or http://…, without a user and without spaces.",
            Assert.Single(problem.GetProperty("errors").GetProperty("trackingUrl").EnumerateArray()).GetString());
        Assert.Empty((await desk.ReadAsync()).GetProperty("fulfilments").EnumerateArray());

        var parcel = (await ShopApi.OkAsync(desk.FulfilAsync(new { trackingUrl = "http://x.example/a%20b?number=1&zip=10178#now" }))).GetProperty("id").GetGuid();
        var tag = (await shop.Staff.GetAsync(desk.Url)).Headers.ETag!.ToString();
        var changed = desk.SendAsync(HttpMethod.Put, $"fulfilments/{parcel}/tracking", new { carrier = "DHL", trackingNumber = "1", trackingUrl = address }, ifMatch: tag);
        await StaffDesk.AssertRefusedAsync(changed, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal("http://x.example/a%20b?number=1&zip=10178#now", (await desk.ReadAsync()).GetProperty("fulfilments")[0].GetProperty("trackingUrl").GetString());
    }

    [Fact]
    public async Task A_tracking_number_is_only_changed_by_who_saw_the_order_as_it_is()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var parcel = (await ShopApi.OkAsync(desk.FulfilAsync(new { }))).GetProperty("id").GetGuid();
        var tag = (await shop.Staff.GetAsync(desk.Url)).Headers.ETag!.ToString();
        var path = $"fulfilments/{parcel}/tracking";
        var body = new { carrier = "DHL", trackingNumber = "1", trackingUrl = (string?)null };
        Assert.Equal(HttpStatusCode.PreconditionRequired, (await desk.SendAsync(HttpMethod.Put, path, body)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await desk.SendAsync(HttpMethod.Put, path, body, ifMatch: tag)).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await desk.SendAsync(HttpMethod.Put, path, body with { trackingNumber = "2" }, ifMatch: tag)).StatusCode);
        Assert.Equal("1", (await desk.ReadAsync()).GetProperty("fulfilments")[0].GetProperty("trackingNumber").GetString());
    }

    [Fact]
    public async Task Tracking_that_comes_or_changes_after_the_shipping_notice_is_told_once_to_the_shopper()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var parcel = (await ShopApi.OkAsync(desk.FulfilAsync(new { carrier = "DHL" }))).GetProperty("id").GetGuid();
        Assert.Equal(0, await TrackAsync("1")); // the shipping notice will say it
        await MailAsync(JobKinds.SendShippingNotice);
        Assert.Equal(0, await TrackAsync("1"));
        Assert.Equal(0, await TrackAsync("1", carrier: "GLS"));
        Assert.Equal(1, await TrackAsync("2"));
        Assert.Equal(1, await TrackAsync("3")); // the mail that waits will say it
        await MailAsync(JobKinds.SendTrackingNotice);
        Assert.Equal(1, await TrackAsync("3"));
        Assert.Equal(2, await TrackAsync("3", "https://gls.example/3"));
        await MailAsync(JobKinds.SendTrackingNotice);
        Assert.Equal(2, await TrackAsync("3"));
        Assert.Equal(2, await TrackAsync(null));
        Assert.Equal(3, await TrackAsync("1"));

        async Task<int> TrackAsync(string? trackingNumber, string? trackingUrl = null, string carrier = "DHL")
        {
            var tag = (await shop.Staff.GetAsync(desk.Url)).Headers.ETag!.ToString();
            await ShopApi.OkAsync(desk.SendAsync(HttpMethod.Put, $"fulfilments/{parcel}/tracking", new { carrier, trackingNumber, trackingUrl }, ifMatch: tag));
            return await NoticesAsync(parcel);
        }

        async Task MailAsync(string kind)
        {
            await using var db = shop.Open();
            Assert.Equal(1, await db.Database.ExecuteSqlAsync(
                $"UPDATE outbox SET state = 'done', settled_at = now() WHERE state IN ('pending', 'dispatched') AND kind = {kind} AND dedupe_key LIKE {$"fulfilment:{parcel}%"}"));
        }
    }

    [Fact]
    public async Task A_shipping_notice_that_may_have_gone_out_before_the_tracking_does_not_stand_for_it()
    {
        foreach (var (state, notices) in new[] { ("refused", 0), ("unknown", 1) })
        {
            var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
            var parcel = (await ShopApi.OkAsync(desk.FulfilAsync(new { }))).GetProperty("id").GetGuid();
            await using var db = shop.Open();
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO mail_sends (id, job_id, attempt, template, subject_id, message_id, is_ambiguous, state, ended_at)
                SELECT gen_random_uuid(), id, 1, 'shipping-notice', {parcel}, 'x', false, {state}, now() FROM outbox WHERE kind = {JobKinds.SendShippingNotice} AND dedupe_key = {$"fulfilment:{parcel}"}
                """);
            var tag = (await shop.Staff.GetAsync(desk.Url)).Headers.ETag!.ToString();
            await ShopApi.OkAsync(desk.SendAsync(HttpMethod.Put, $"fulfilments/{parcel}/tracking", new { carrier = (string?)null, trackingNumber = "1", trackingUrl = (string?)null }, ifMatch: tag));
            Assert.Equal((state, notices), (state, await NoticesAsync(parcel)));
        }
    }

    private async Task<int> NoticesAsync(Guid parcel)
    {
        await using var db = shop.Open();
        return await db.Set<OutboxRow>().CountAsync(r => r.Kind == JobKinds.SendTrackingNotice && r.DedupeKey!.StartsWith($"fulfilment:{parcel}:"));
    }

    [Fact]
    public async Task Staff_find_orders_by_state_number_and_address_page_by_page()
    {
        var desks = new List<StaffDesk>();
        for (var i = 0; i < 3; i++) desks.Add(await StaffDesk.PaidAsync(shop, shop.Tide));
        await ShopApi.OkAsync(desks[0].FulfilAsync(new { }));
        var number = desks[1].Purchase.Number;
        Assert.Equal([number], await FindAsync($"search={number[..7].ToLowerInvariant().Replace("-", "")}&limit=100", n => n == number));
        Assert.Contains(number, await FindAsync("search=ANN@exam&limit=100"));
        Assert.Empty(await FindAsync("search=nobody%25"));
        Assert.Contains(number, await FindAsync("search=%C3%B6zt%20ann&limit=100"));
        foreach (var odd in (string[])["'", "%5C", ":*", "%26", "a'b:*%26!(", "%EF%BC%87:*"]) await FindAsync($"search={odd}");
        Assert.Contains(desks[0].Purchase.Number, await FindAsync("status=paid&fulfilment=fulfilled&limit=100"));
        Assert.DoesNotContain(number, await FindAsync("status=paid&fulfilment=fulfilled&limit=100"));
        await ShopApi.OkAsync(desks[2].RefundAsync(new { lines = new[] { new { position = 1, quantity = 1 } } })); // and so never sent
        Assert.Contains(number, await FindAsync("status=paid&fulfilment=unfulfilled&limit=100"));
        Assert.DoesNotContain(desks[2].Purchase.Number, await FindAsync("status=paid&fulfilment=unfulfilled&limit=100"));
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Staff.GetAsync("/api/v1/admin/orders?status=lost")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Staff.GetAsync("/api/v1/admin/orders?cursor=nonsense")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.Client.GetAsync("/api/v1/admin/orders")).StatusCode);

        var first = await ShopApi.OkAsync(shop.Staff.GetAsync("/api/v1/admin/orders?limit=1"));
        var second = await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/orders?limit=1&cursor={first.GetProperty("nextCursor").GetString()}"));
        Assert.True(first.GetProperty("items")[0].GetProperty("placedAt").GetDateTimeOffset() >= second.GetProperty("items")[0].GetProperty("placedAt").GetDateTimeOffset());
        Assert.NotEqual(first.GetProperty("items")[0].GetProperty("number").GetString(), second.GetProperty("items")[0].GetProperty("number").GetString());
    }

    private async Task<List<string>> FindAsync(string query, Func<string, bool>? where = null) =>
        [.. (await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/orders?{query}"))).GetProperty("items").EnumerateArray().Select(o => o.GetProperty("number").GetString()!).Where(where ?? (_ => true))];
}
