using System.Net;
using System.Net.Http.Json;
using Commerce;
using Commerce.Audit;
using Commerce.Orders;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tests.Api.Experiments;
using Tests.Api.Staff;

namespace Tests.Api.Stock;

/// <summary>A change of stock that is asked for twice happens once: by a caller who heard nothing, or by the shop itself when PostgreSQL's answer was lost.</summary>
public class RepeatedChangeTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task One_key_is_one_change_of_a_variant_and_one_answer_however_often_it_is_asked_for()
    {
        var (variant, other, key) = (await shop.AddGoodsAsync(stock: 10), await shop.AddGoodsAsync(stock: 10), Guid.NewGuid().ToString());
        var far = (await ShopApi.OkAsync(PostAsync("locations", new { name = $"far {Guid.NewGuid():N}", priority = 9 }))).GetProperty("id").GetGuid();
        object more = new { locationId = Location.MainId, delta = 24 }, away = new { fromId = Location.MainId, toId = far, quantity = 4 };

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ShopApi.OkAsync(PostAsync($"{variant}/adjustments", more, key))));
        Assert.All(answers, a => Assert.Equal((34, answers[0].GetRawText()), (a.GetProperty("onHand").GetInt32(), a.GetRawText())));
        var moved = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ShopApi.OkAsync(PostAsync($"{variant}/transfers", away, $"{key}-2"))));
        Assert.All(moved, a => Assert.Equal((4, far), (a.GetProperty("onHand").GetInt32(), a.GetProperty("locationId").GetGuid())));
        Assert.Equal(answers[0].GetRawText(), (await ShopApi.OkAsync(PostAsync($"{variant}/adjustments", more, key))).GetRawText()); // word for word, whatever came after
        foreach (var (path, body) in new[] { ("adjustments", new { locationId = Location.MainId, delta = 25 }), ("transfers", away) })
        {
            var refused = await PostAsync($"{variant}/{path}", body, key);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains(OrderRefusals.KeyReused, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(34, (await ShopApi.OkAsync(PostAsync($"{other}/adjustments", more, key))).GetProperty("onHand").GetInt32());
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync($"{variant}/adjustments", more, "short")).StatusCode);

        await using var db = shop.Open();
        Assert.Equal([(30, Location.MainId), (4, far)], (await db.StockItems.Where(s => s.VariantId == variant).ToListAsync()).Select(s => (s.OnHand, s.LocationId)).OrderDescending());
        Assert.Equal(2, await shop.AuditCountAsync($"variant:{variant}"));
    }

    [Fact]
    public async Task What_was_refused_is_decided_anew_under_its_key()
    {
        var (variant, key) = (await shop.AddGoodsAsync(stock: 1), Guid.NewGuid().ToString());
        object less = new { locationId = Location.MainId, delta = -2 };
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync($"{variant}/adjustments", less, key)).StatusCode);
        await ShopApi.OkAsync(PostAsync($"{variant}/adjustments", new { locationId = Location.MainId, delta = 2 }));
        Assert.Equal(1, (await ShopApi.OkAsync(PostAsync($"{variant}/adjustments", less, key))).GetProperty("onHand").GetInt32());
    }

    [Theory]
    [InlineData("adjusted")]
    [InlineData("transferred")]
    [InlineData("counted")]
    public async Task A_change_whose_commit_was_never_answered_is_not_made_again_though_nobody_gave_it_a_name(string what)
    {
        var (variant, reason) = (await shop.AddGoodsAsync(stock: 10), $"bait {Guid.NewGuid():N}");
        var far = (await ShopApi.OkAsync(PostAsync("locations", new { name = $"far {Guid.NewGuid():N}", priority = 9 }))).GetProperty("id").GetGuid();
        var address = shop.DatabaseAddress;
        await using var trap = new CommitTrap(address.Host!, address.Port) { Bait = reason, HangsUp = true };
        address.Port = trap.Port;
        await using var source = NpgsqlDataSource.Create(address.ConnectionString);
        await using (var db = ShopDb.Open(source))
        {
            var (instruction, now, none) = (new StockInstruction(new Actor(ActorKind.Staff, null, "Ann"), reason), DateTimeOffset.UtcNow, CancellationToken.None);
            var outcome = what switch
            {
                "adjusted" => await db.AdjustStockAsync(variant, far, 4, instruction, now, none),
                "transferred" => await db.TransferStockAsync(variant, Location.MainId, far, 4, instruction, now, none),
                _ => await db.CountStockAsync(variant, far, 4, instruction, now, none),
            };
            Assert.Equal((4, 4), (outcome.Value.OnHand, outcome.Value.Available));
        }
        Assert.True(trap.Sprung.Task.IsCompletedSuccessfully);
        await using var after = shop.Open();
        Assert.Equal(4, (await after.StockItems.SingleAsync(s => s.VariantId == variant && s.LocationId == far)).OnHand);
        Assert.Equal(what == "transferred" ? 2 : 1, await after.StockMovements.CountAsync(m => m.Reason == reason));
        Assert.Equal(1, await after.AuditEntries.CountAsync(e => e.Reason == reason));
        Assert.Empty(await StockInvariants.CheckAsync(after, CancellationToken.None));
    }

    private async Task<HttpResponseMessage> PostAsync(string path, object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/admin/stock/{path}") { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await shop.Staff.SendAsync(request);
    }
}
