using System.Data.Common;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce;
using Commerce.Audit;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using Tests.Api.Payments;
using Tests.Api.Staff;

namespace Tests.Api.Stock;

/// <summary>Sold units lie on the shelf until they are sent: staff see and count them, and nobody buys them again.</summary>
public class ShelfTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task Sold_units_that_are_not_sent_yet_are_counted_and_not_sold_again()
    {
        var variant = await shop.AddGoodsAsync(stock: 10);
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: 4);
        Assert.Equal((10, 4, 0, 6), await LevelAsync(variant));
        Assert.Equal((10, 4, 0, 6), Figures(await CountAsync(variant, 10)));
        Assert.Null(await Purchase.TryFillBasketAsync(shop, variant, quantity: 7));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/stock/{variant}/count", new { locationId = Location.MainId, onHand = 3 }, 409, "stock.units-promised");

        await ShopApi.OkAsync(desk.FulfilAsync(new { lines = new[] { new { position = 1, quantity = 3 } } }));
        Assert.Equal((7, 1, 0, 6), await LevelAsync(variant));
        Assert.Equal((6, 1, 0, 5), Figures(await CountAsync(variant, 6))); // one is missing
        await ShopApi.OkAsync(desk.FulfilAsync(new { }));
        Assert.Equal((5, 0, 0, 5), await LevelAsync(variant));
        await using var db = shop.Open();
        Assert.Empty(await StockInvariants.CheckAsync(db, CancellationToken.None));
    }

    [Fact]
    public async Task What_is_owed_to_paid_backorders_outlives_a_count_and_an_import()
    {
        var variant = await shop.AddGoodsAsync(stock: 1);
        await using var db = shop.Open();
        await db.Variants.Where(v => v.Id == variant).ExecuteUpdateAsync(v => v.SetProperty(x => x.AllowsBackorder, true));
        await StaffDesk.PaidAsync(shop, variant, quantity: 5);
        Assert.Equal((1, 5, 0, -4), await LevelAsync(variant));
        Assert.Equal((0, 5, 0, -5), Figures(await CountAsync(variant, 0)));
        Assert.Equal((8, 5, 0, 3), Figures(await CountAsync(variant, 8)));
        Assert.Equal((2, 5, 0, -3), Figures(await CountAsync(variant, 2)));
        var refused = await db.CountAllAsync([new StockCount(variant, Location.MainId, 0)], "file", DateTimeOffset.UtcNow, CancellationToken.None);
        Assert.Equal(3, Assert.Single(refused).Reserved);
        Assert.Equal((2, 5, 0, -3), await LevelAsync(variant));
    }

    [Theory]
    [InlineData(0, 5, 5, 0)] // nothing was there
    [InlineData(3, 5, 5, 0)] // three were, and are gone
    [InlineData(3, 5, 1, -1)] // of two owed one is owed still
    [InlineData(9, 5, 5, 4)] // all were there, and are gone
    public async Task What_is_owed_to_nobody_any_more_is_owed_no_more_whether_or_not_the_rest_comes_back(int stock, int sold, int refunded, int left)
    {
        var variant = await shop.AddGoodsAsync(stock);
        await using var db = shop.Open();
        await db.Variants.Where(v => v.Id == variant).ExecuteUpdateAsync(v => v.SetProperty(x => x.AllowsBackorder, true));
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: sold);
        await ShopApi.OkAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = refunded } }, restock = false }));
        Assert.Equal(left, (await LevelAsync(variant)).Available);
        Assert.Empty(await StockInvariants.CheckAsync(db, CancellationToken.None));
    }

    [Fact]
    public async Task Who_was_owed_first_is_given_first()
    {
        var variant = await shop.AddGoodsAsync(stock: 0);
        await using var db = shop.Open();
        await db.Variants.Where(v => v.Id == variant).ExecuteUpdateAsync(v => v.SetProperty(x => x.AllowsBackorder, true));
        var (first, second) = (await StaffDesk.PaidAsync(shop, variant, quantity: 4), await StaffDesk.PaidAsync(shop, variant, quantity: 5));
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", new { locationId = Location.MainId, delta = 6 }));
        Assert.Equal(-3, (await LevelAsync(variant)).Available);
        await ShopApi.OkAsync(first.RefundAsync(new { lines = new[] { new { position = 1, quantity = 4 } }, restock = false })); // its four lay there
        Assert.Equal(-3, (await LevelAsync(variant)).Available);
        await ShopApi.OkAsync(second.RefundAsync(new { lines = new[] { new { position = 1, quantity = 5 } }, restock = false })); // two lay there, three were owed
        Assert.Equal((0, 0, 0, 0), await LevelAsync(variant));
    }

    [Fact]
    public async Task What_an_order_is_owed_and_lies_elsewhere_is_its_and_does_not_come_back_without_being_taken_into_stock()
    {
        var variant = await shop.AddGoodsAsync(stock: 0);
        await using var db = shop.Open();
        await db.Variants.Where(v => v.Id == variant).ExecuteUpdateAsync(v => v.SetProperty(x => x.AllowsBackorder, true));
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: 5);
        var far = await AddLocationAsync();
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", new { locationId = far, delta = 3 }));
        await ShopApi.OkAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = 5 } }, restock = false })); // three lay there, two were owed
        Assert.Equal(0, (await LevelsAsync(variant)).Sum(l => l.Available));
    }

    [Fact]
    public async Task Who_was_passed_over_is_owed_what_they_wait_for()
    {
        var variant = await shop.AddGoodsAsync(stock: 0);
        await using var db = shop.Open();
        await db.Variants.Where(v => v.Id == variant).ExecuteUpdateAsync(v => v.SetProperty(x => x.AllowsBackorder, true));
        var (first, second) = (await StaffDesk.PaidAsync(shop, variant, quantity: 3), await StaffDesk.PaidAsync(shop, variant, quantity: 3));
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", new { locationId = Location.MainId, delta = 4 }));
        await ShopApi.OkAsync(second.FulfilAsync(new { }));
        await ShopApi.OkAsync(first.RefundAsync(new { lines = new[] { new { position = 1, quantity = 3 } }, restock = false })); // one lay there, two were owed
        Assert.Equal((0, 0, 0, 0), await LevelAsync(variant));
    }

    [Fact]
    public async Task The_units_of_bundles_wait_as_what_they_are_made_of_and_cancelled_ones_do_not_wait()
    {
        var (print, frame, set) = (await shop.AddGoodsAsync(stock: 20), await shop.AddGoodsAsync(stock: 20), await shop.AddGoodsAsync(stock: 0));
        await shop.Staff.EditAsync($"/stock/{set}/bundle", new { components = new[] { new { variantId = print, quantity = 2 }, new { variantId = frame, quantity = 1 } } });
        var desk = await StaffDesk.PaidAsync(shop, set, quantity: 3);
        Assert.Equal(((20, 6, 0, 14), (20, 3, 0, 17)), (await LevelAsync(print), await LevelAsync(frame)));
        await ShopApi.OkAsync(desk.FulfilAsync(new { lines = new[] { new { position = 1, quantity = 1 } } }));
        Assert.Equal(((18, 4, 0, 14), (19, 2, 0, 17)), (await LevelAsync(print), await LevelAsync(frame)));
        await ShopApi.OkAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = 1 } }, restock = true }));
        Assert.Equal(((18, 2, 0, 16), (19, 1, 0, 18)), (await LevelAsync(print), await LevelAsync(frame)));
    }

    [Fact]
    public async Task An_order_from_two_places_waits_where_it_was_taken()
    {
        var variant = await shop.AddGoodsAsync(stock: 3);
        var far = await AddLocationAsync();
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", new { locationId = far, delta = 5 }));
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: 5);
        Assert.Equal([(3, 3), (5, 2)], (await LevelsAsync(variant)).Select(l => (l.OnHand, l.Unsent)).Order());
        await ShopApi.OkAsync(desk.FulfilAsync(new { lines = new[] { new { position = 1, quantity = 4 } } }));
        var levels = await LevelsAsync(variant);
        Assert.Equal((4, 1, 3), (levels.Sum(l => l.OnHand), levels.Sum(l => l.Unsent), levels.Sum(l => l.Available)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 1)] // four are taken to be sent out of the first place and one out of the last
    [InlineData(4, 2)]
    [InlineData(5, 2)] // came back after they were sent
    [InlineData(2, 4)] // three had not been sent
    public async Task What_an_order_from_two_places_gives_back_moves_nothing_between_them(int sent, int back)
    {
        var variant = await shop.AddGoodsAsync(stock: 3);
        var far = await AddLocationAsync();
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", new { locationId = far, delta = 5 }));
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: 5);
        if (sent > 0) await ShopApi.OkAsync(desk.FulfilAsync(new { lines = new[] { new { position = 1, quantity = sent } } }));
        var before = await LevelsAsync(variant);
        await ShopApi.OkAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = back } }, restock = true }));
        var returned = Math.Max(0, back - (5 - sent));
        var after = await LevelsAsync(variant);
        Assert.Equal(back, after.Sum(l => l.Available) - before.Sum(l => l.Available));
        // Only what had left a place can lie there in addition.
        Assert.Equal(returned, after.Zip(before).Sum(l => Math.Abs(l.First.OnHand - l.Second.OnHand)));
    }

    [Fact]
    public async Task What_was_sent_of_an_order_from_two_places_comes_back_to_where_it_was_sent_from()
    {
        var (variant, set) = (await shop.AddGoodsAsync(stock: 2), await shop.AddGoodsAsync(stock: 0));
        var far = await AddLocationAsync();
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", new { locationId = far, delta = 2 }));
        await shop.Staff.EditAsync($"/stock/{set}/bundle", new { components = new[] { new { variantId = variant, quantity = 1 } } });
        var basket = await Purchase.FillBasketAsync(shop, variant, quantity: 2);
        await ShopApi.OkAsync(shop.Client.PutAsJsonAsync($"/api/v1/baskets/{basket}/lines/{set}", new { quantity = 2 }));
        var desk = await StaffDesk.PaidAsync(await Purchase.PlaceAsync(shop, basket));
        await ShopApi.OkAsync(desk.FulfilAsync(new { lines = new[] { new { position = 1, quantity = 2 } } }));
        Assert.Equal([(0, 0), (2, 2)], (await LevelsAsync(variant)).Select(l => (l.OnHand, l.Unsent)).Order());
        await ShopApi.OkAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = 2 } }, restock = true }));
        Assert.Equal([(2, 0), (2, 2)], (await LevelsAsync(variant)).Select(l => (l.OnHand, l.Unsent)).Order());
    }

    [Fact]
    public async Task What_an_order_from_two_places_is_owed_is_not_sold_however_its_first_part_was_sent()
    {
        var variant = await shop.AddGoodsAsync(stock: 3);
        var far = await AddLocationAsync();
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", new { locationId = far, delta = 2 }));
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: 5);
        await ShopApi.OkAsync(desk.FulfilAsync(new { lines = new[] { new { position = 1, quantity = 2 } } })); // out of the far one
        foreach (var (location, counted) in new[] { (Location.MainId, 3), (far, 0), (Location.MainId, 3) }) await CountAsync(variant, counted, location);
        var levels = await LevelsAsync(variant);
        Assert.Equal((3, 3, 0), (levels.Sum(l => l.OnHand), levels.Sum(l => l.Unsent), levels.Sum(l => l.Available)));
        Assert.Null(await Purchase.TryFillBasketAsync(shop, variant));

        await CountAsync(variant, 5); // two more were found
        Assert.Equal(2, (await LevelsAsync(variant)).Sum(l => l.Available));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/stock/{variant}/count", new { locationId = Location.MainId, onHand = 0 }, 409, "stock.units-promised"); // one is here at the least
        await ShopApi.OkAsync(desk.FulfilAsync(new { }));
        foreach (var (location, counted) in new[] { (Location.MainId, 2), (far, 0) }) await CountAsync(variant, counted, location);
        Assert.Equal([(0, 0), (2, 2)], (await LevelsAsync(variant)).Select(l => (l.OnHand, l.Available)).Order());
    }

    [Fact]
    public async Task What_is_refused_says_the_figures_of_the_list()
    {
        var variant = await shop.AddGoodsAsync(stock: 10);
        var far = await AddLocationAsync();
        await StaffDesk.PaidAsync(shop, variant, quantity: 4);
        foreach (var (path, body) in new (string, object)[] { ("adjustments", new { locationId = Location.MainId, delta = -7 }), ("transfers", new { fromId = Location.MainId, toId = far, quantity = 7 }) })
        {
            using var answer = await shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/{path}", body);
            var problem = (await answer.Content.ReadFromJsonAsync<JsonElement>())!;
            Assert.Equal(("stock.units-promised", 10, 4, 0), (problem.GetProperty("code").GetString(), problem.GetProperty("onHand").GetInt32(), problem.GetProperty("unsent").GetInt32(), problem.GetProperty("reserved").GetInt32()));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Units_that_are_paid_while_somebody_looks_are_either_reserved_or_unsent(bool changes)
    {
        var variant = await shop.AddGoodsAsync(stock: 10);
        var purchase = await Purchase.PlaceAsync(shop, variant, quantity: 4);
        await purchase.PayAsync(await purchase.OpenSessionAsync());
        Task? paid = null;
        await using var source = NpgsqlDataSource.Create(shop.DatabaseAddress.ConnectionString);
        var options = new DbContextOptionsBuilder<ShopDb>();
        ShopDb.Conventions(options.UseNpgsql(source));
        // Right before the unsent units are asked for. Whoever changes stock holds its lock, so that the payment waits.
        options.AddInterceptors(new Before("WITH waiting", () => Task.WhenAny(paid ??= ShopApi.OkAsync(purchase.SendAsync("payment-confirmation")), Task.Delay(changes ? 1_000 : 60_000))));
        await using (var db = new ShopDb(options.Options))
        {
            var level = changes
                ? (await db.AdjustStockAsync(variant, Location.MainId, 1, new StockInstruction(new Actor(ActorKind.Staff, null, "Ann")), DateTimeOffset.UtcNow, CancellationToken.None)).Value
                : Assert.Single((await db.ListStockAsync(new StockReads.Filter(variant), 10, null, CancellationToken.None)).Value.Items);
            Assert.Equal((changes ? 11 : 10, 0, 4), (level.OnHand, level.Unsent, level.Reserved));
        }
        Assert.NotNull(paid);
        await paid;
        Assert.Equal((changes ? 11 : 10, 4, 0, changes ? 7 : 6), await LevelAsync(variant));
    }

    private async Task<Guid> AddLocationAsync() =>
        (await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/stock/locations", new { name = $"far {Guid.NewGuid():N}", priority = 9 }))).GetProperty("id").GetGuid();

    private sealed class Before(string statement, Func<Task> act) : DbCommandInterceptor
    {
        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.Contains(statement, StringComparison.Ordinal)) await act();
            return result;
        }
    }

    private async Task<JsonElement> CountAsync(Guid variant, int onHand, Guid? location = null) =>
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, $"/stock/{variant}/count", new { locationId = location ?? Location.MainId, onHand }));

    private async Task<(int OnHand, int Unsent, int Reserved, int Available)> LevelAsync(Guid variant) => Assert.Single(await LevelsAsync(variant));

    private async Task<List<(int OnHand, int Unsent, int Reserved, int Available)>> LevelsAsync(Guid variant) =>
        [.. (await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Get, $"/stock?variantId={variant}"))).GetProperty("items").EnumerateArray().Select(Figures)];

    private static (int OnHand, int Unsent, int Reserved, int Available) Figures(JsonElement level)
    {
        int Of(string name) => level.GetProperty(name).GetInt32();
        return (Of("onHand"), Of("unsent"), Of("reserved"), Of("available"));
    }
}
