using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Tests.System;

/// <summary>What stock news reaches: a merchant's own system and the staff's mailbox, until that mailbox has had enough.</summary>
public sealed class StockNewsTests(Stack stack)
{
    private static readonly TimeSpan Arrives = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_crossing_reaches_a_merchants_system_signed_and_the_staff_once_until_they_stop_such_mails()
    {
        var calls = new ConcurrentQueue<(string Id, string Timestamp, string Signature, string Body)>();
        await using var receiver = await ReceiveAsync(calls);
        using var staff = await SignInAsync();
        var added = await (await staff.PostAsJsonAsync("/api/v1/admin/webhook-endpoints", new { url = $"{receiver.Urls.First()}/erp", eventTypes = new[] { "stock.low", "stock.back" } }))
            .EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        var secret = Convert.FromBase64String(added.GetProperty("secret").GetString()!["whsec_".Length..]);
        var item = (await staff.GetFromJsonAsync<JsonElement>("/api/v1/admin/stock?limit=100")).GetProperty("items").EnumerateArray()
            .Last(level => level.GetProperty("onHand").GetInt32() > 20 && level.GetProperty("reserved").GetInt32() == 0);
        var (variant, name) = (item.GetProperty("variantId").GetGuid(), item.GetProperty("productSlug").GetString()!);
        try
        {
            await CountAsync(staff, item, 0);
            var first = await MailAsync(name, count: 1);
            await CountAsync(staff, item, 40);

            // The one click that a mailbox sends by itself (RFC 8058).
            using var mailbox = new HttpClient();
            var click = await mailbox.PostAsync(first.Header("List-Unsubscribe").Trim('<', '>'), new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
            Assert.Contains("These mails are stopped", await click.EnsureSuccessStatusCode().Content.ReadAsStringAsync(), StringComparison.Ordinal);

            await CountAsync(staff, item, 0);
            await UntilAsync(() => Task.FromResult(calls.Count == 3), "the second crossing reached the merchant");
            await UntilAsync(async () => await SettledAsync(staff, variant) == 2, "and the staff's part of it ran");
            await MailAsync(name, count: 1);
        }
        finally
        {
            await CountAsync(staff, item, item.GetProperty("onHand").GetInt32());
        }

        Assert.Equal(["stock.back", "stock.low", "stock.low"], calls.Take(3).Select(call => JsonDocument.Parse(call.Body).RootElement.GetProperty("type").GetString()).Order());
        Assert.All(calls, call =>
        {
            Assert.Equal(variant, JsonDocument.Parse(call.Body).RootElement.GetProperty("data").GetProperty("variantId").GetGuid());
            Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{call.Id}.{call.Timestamp}.{call.Body}")))}", call.Signature);
        });
    }

    private static async Task<WebApplication> ReceiveAsync(ConcurrentQueue<(string, string, string, string)> calls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers;
            calls.Enqueue((headers["webhook-id"]!, headers["webhook-timestamp"]!, headers["webhook-signature"]!, await reader.ReadToEndAsync()));
        });
        await app.StartAsync();
        return app;
    }

    private async Task<HttpClient> SignInAsync()
    {
        var client = new HttpClient { BaseAddress = stack.Shop };
        (await client.PostAsJsonAsync("/api/v1/session", new { email = "admin@oddgrain.local", password = stack.AdminPassword })).EnsureSuccessStatusCode();
        client.DefaultRequestHeaders.Add("X-Reason", "stocktaking");
        return client;
    }

    private static async Task CountAsync(HttpClient staff, JsonElement item, int onHand) => (await staff.PutAsJsonAsync(
        $"/api/v1/admin/stock/{item.GetProperty("variantId").GetGuid()}/count", new { locationId = item.GetProperty("locationId").GetGuid(), onHand })).EnsureSuccessStatusCode();

    /// <summary>The newest mail about the product, of exactly so many.</summary>
    private async Task<ReceivedMail> MailAsync(string slug, int count)
    {
        List<ReceivedMail> mails = [];
        await UntilAsync(async () => (mails = [.. (await Inbox.MailsToAsync(stack, "staff@oddgrain.example"))
            .Where(mail => mail.Subject.StartsWith("Low stock: ", StringComparison.Ordinal) && mail.Html.Contains($"/products/{slug}\"", StringComparison.Ordinal))]).Count >= count, "staff are mailed");
        Assert.Equal(count, mails.Count);
        return mails[0];
    }

    /// <summary>How many alerts of this variant have run; other tests of the stack buy other things.</summary>
    private static async Task<int> SettledAsync(HttpClient staff, Guid variant) =>
        (await staff.GetFromJsonAsync<JsonElement>("/api/v1/admin/jobs?list=done&kind=alert-low-stock&limit=100")).GetProperty("items").EnumerateArray()
        .Count(job => job.GetProperty("arguments").GetProperty("variantId").GetGuid() == variant);

    private static async Task UntilAsync(Func<Task<bool>> isTrue, string what)
    {
        using var limit = new CancellationTokenSource(Arrives);
        while (!await isTrue())
        {
            if (limit.IsCancellationRequested) Assert.Fail($"Not within {Arrives}: {what}");
            await Task.Delay(100);
        }
    }
}
