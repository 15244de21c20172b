using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tests.Fixture;

namespace Tests.Api.Catalog;

/// <summary>Experiment 11 on the Api's side: Redis is full, or gone, while shoppers browse and buy at two nodes. On the Worker's: <c>BrokenRedisTests</c>.</summary>
public class RedisLoadTests(RedisLoadTests.Nodes shop, ITestOutputHelper output) : IClassFixture<RedisLoadTests.Nodes>
{
    private const int Products = 10;
    private const int Shoppers = 20;

    [Fact]
    public async Task With_a_full_Redis_and_with_none_people_browse_and_buy_and_the_database_works_at_most_twice_as_much()
    {
        using var ann = shop.Guest();
        await shop.SignInAsync(ann, "ann@example.com");
        await ShopForAsync(); // what is only done once, such as compiling, is done
        var healthy = await ShopForAsync();

        shop.Door.IsFull = true;
        var full = await ShopForAsync();
        Assert.InRange(shop.Door.Refused, 1, int.MaxValue);
        await ShopApi.OkAsync(ann.GetAsync("/api/v1/session")); // who is signed in stays so
        using var bob = shop.Guest();
        using var refused = await bob.PostAsJsonAsync("/api/v1/session", new { email = "ann@example.com", password = ShopApi.Password });
        Assert.Equal((HttpStatusCode.ServiceUnavailable, global::Api.Refusals.SessionsAway), (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));

        shop.Door.IsFull = false;
        await ShopApi.OkAsync(bob.PostAsJsonAsync("/api/v1/session", new { email = "ann@example.com", password = ShopApi.Password }));
        var again = full;
        for (var tries = 0; again >= full && tries < 30; tries++, await Task.Delay(500)) again = await ShopForAsync();

        await shop.Door.DisposeAsync();
        await ShopForAsync(); // the nodes learn that it is gone
        var gone = await ShopForAsync();
        output.WriteLine($"Commands to PostgreSQL for {Shoppers} shoppers: {healthy} with Redis, {full} with a full one, {again} after that, {gone} without.");
        Assert.InRange(full, healthy, 2 * healthy);
        Assert.InRange(gone, healthy, 2 * healthy);
        Assert.InRange(again, 1, full - 1);
    }

    /// <summary>Everybody looks at everything there is to see, at either node in turn; every fourth buys. No basket is lost on the way.</summary>
    /// <returns>Commands to PostgreSQL.</returns>
    private async Task<int> ShopForAsync()
    {
        var slugs = new List<string>();
        for (var i = 0; i < Products; i++) slugs.Add(await shop.AddProductAsync());
        var before = shop.Commands;
        for (var shopper = 0; shopper < Shoppers; shopper++)
        {
            var node = shop.All[shopper % shop.All.Count];
            foreach (var slug in slugs) await ShopApi.OkAsync(node.GetAsync($"/api/v1/products/{slug}"));
            if (shopper % 4 != 0) continue;
            var basket = (await ShopApi.OkAsync(node.PostAsync("/api/v1/baskets", null))).GetProperty("id").GetString()!;
            await ShopApi.OkAsync(node.PutAsJsonAsync($"/api/v1/baskets/{basket}/lines/{shop.Tide}", new { quantity = 1 }));
            await ShopApi.OkAsync(node.GetAsync($"/api/v1/baskets/{basket}"));
            using var order = Purchase.Order(basket);
            await ShopApi.OkAsync(node.SendAsync(order));
        }
        return shop.Commands - before;
    }

    /// <summary>Two, whose Redis is behind a door.</summary>
    public sealed class Nodes : ShopApi, IAsyncLifetime
    {
        private readonly MeterListener _listener = new();
        private RedisDoor? _door;
        private int _commands;

        public Nodes(PostgresFixture postgres, RedisFixture redis) : base(postgres, redis)
        {
            // Npgsql's own count: of every command, whoever sends it.
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "Npgsql", Name: "db.client.operation.duration" }) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
            {
                foreach (var tag in tags)
                    if (tag.Value is string pool && pool.Contains(DatabaseAddress.Database!, StringComparison.Ordinal)) Interlocked.Increment(ref _commands);
            });
        }

        internal RedisDoor Door => _door!;

        public List<HttpClient> All { get; } = [];

        public int Commands => Volatile.Read(ref _commands);

        // Looking for changes is the same work with and without Redis; seldom, it does not blur the count.
        protected override IReadOnlyDictionary<string, string> MoreSettings { get; } = new Dictionary<string, string> { ["Catalog:Cache:Look"] = "00:00:30" };

        protected override string Redis(string real)
        {
            if (real == "") return "";
            var words = real.Split(',');
            _door ??= RedisDoor.To(new Uri($"tcp://{words[0]}").Port);
            return string.Join(',', words.Skip(1).Prepend($"127.0.0.1:{_door.Port}"));
        }

        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            for (var i = 0; i < 2; i++) All.Add(Guest(AnotherInstance()));
            _listener.Start();
        }

        public async Task<string> AddProductAsync()
        {
            var slug = $"p-{Guid.NewGuid():N}";
            await using var db = Open();
            await Goods.AddAsync(db, slug, stock: 100, priceMinor: 2500);
            return slug;
        }

        public override async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            foreach (var node in All) node.Dispose();
            await base.DisposeAsync();
            await Door.DisposeAsync();
        }
    }
}
