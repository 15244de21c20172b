using Bench.Load;
using Bench.Measuring;
using Bench.Replaying;
using Bench.Servers;
using Commerce;
using Npgsql;

namespace Bench.Benches;

/// <summary>Product and list from the cache against bare Kestrel with the same bytes; a product past the cache against the same SQL over raw Npgsql.</summary>
internal sealed class Reads : IBench
{
    private const int Products = 1_000;
    private const int WarmUps = 10;
    private const string ListPath = "/api/v1/products?limit=20";

    /// <summary>What makes an Api read every product from PostgreSQL: no memory for answers, and no Redis.</summary>
    internal static readonly (string, string)[] Uncached = [("Catalog__Cache__MemoryBytes", "1"), ("ConnectionStrings__redis", "127.0.0.1:9,connectTimeout=200")];

    public string Name => "reads";
    public string Question => "how much of a bare server's speed is left when the shop answers";

    public async Task RunAsync(Laboratory laboratory, Contest contest, Report report)
    {
        var shop = await laboratory.ShopAsync(Products);
        var product = $"/api/v1/products/{Shop.Slug(7)}";
        var off = await laboratory.StartApiAsync(shop);
        var on = await laboratory.StartApiAsync(shop, await laboratory.TelemetryAsync());
        var uncached = await laboratory.StartApiAsync(shop, Uncached);
        var uncachedOn = await laboratory.StartApiAsync(shop, [.. Uncached, .. await laboratory.TelemetryAsync()]);

        var pages = Directory.CreateDirectory(Path.Combine(laboratory.Folder, "pages")).FullName;
        using (var http = new HttpClient { BaseAddress = off.Address })
        {
            await File.WriteAllBytesAsync(Path.Combine(pages, "product.json"), await http.GetByteArrayAsync(product));
            await File.WriteAllBytesAsync(Path.Combine(pages, "list.json"), await http.GetByteArrayAsync(ListPath));
        }
        var bare = await laboratory.StartAsync("bare", "Bench", ["serve", pages], ("DOTNET_gcServer", "1"));
        var (source, replay) = await RecordAsync(laboratory, shop);

        byte[][] requests = [.. Enumerable.Range(1, Products).Select(i => HttpConnection.Get($"/api/v1/products/{Shop.Slug(i)}"))];
        Side Http(string name, Child server, Func<ReadOnlyMemory<byte>> next, bool database = false) => new(
            name, window => HttpLoad.RunAsync(server.Port, window, next),
            () => CpuTime.Of(server.ProcessId) + (database ? CpuTime.OfTree(laboratory.PostgresId) : TimeSpan.Zero));
        ReadOnlyMemory<byte> Any() => requests[Random.Shared.Next(requests.Length)];
        byte[] bareProduct = HttpConnection.Get("/product.json"), bareList = HttpConnection.Get("/list.json"), oneProduct = HttpConnection.Get(product), oneList = HttpConnection.Get(ListPath);
        var rows = await contest.Shorter(0.5).RunAsync(
            [
                Http("bare product", bare, () => bareProduct),
                Http("product", off, () => oneProduct),
                Http("product, telemetry", on, () => oneProduct),
                Http("bare list", bare, () => bareList),
                Http("list", off, () => oneList),
                Http("list, telemetry", on, () => oneList),
                new Side("raw rows", window => ClosedLoop.RunAsync(HttpLoad.Connections, window, async _ => await replay.RunAsync(source, Random.Shared.Next(Products) + 1)),
                    () => CpuTime.Of(Environment.ProcessId) + CpuTime.OfTree(laboratory.PostgresId)),
                Http("uncached product", uncached, Any, database: true),
                Http("uncached product, telemetry", uncachedOn, Any, database: true),
            ],
            [
                new("cached product", "bare product", "product", 0.6),
                new("cached product, telemetry on", "bare product", "product, telemetry"),
                new("cached list of 20", "bare list", "list", 0.5),
                new("cached list of 20, telemetry on", "bare list", "list, telemetry"),
                new("uncached product", "raw rows", "uncached product", 0.4),
                new("uncached product, telemetry on", "raw rows", "uncached product, telemetry"),
            ]);
        report.Add("Reads", rows,
            $"{HttpLoad.Connections} connections; product {new FileInfo(Path.Combine(pages, "product.json")).Length:N0} bytes, list {new FileInfo(Path.Combine(pages, "list.json")).Length:N0} bytes. " +
            $"Yardsticks: Kestrel alone with the same bytes; for the uncached product the {replay.Statements.Count()} statements the Api sends for one, recorded on the wire and repeated by raw pooled Npgsql without any HTTP.");
    }
    /// <summary>What the Api asks of PostgreSQL for a product.</summary>
    private static async Task<(NpgsqlDataSource Source, Replay Replay)> RecordAsync(Laboratory laboratory, Shop shop)
    {
        var address = new NpgsqlConnectionStringBuilder(shop.ConnectionString);
        await using var tap = new WireTap(address.Port);
        address.Port = tap.Port;
        await using var api = await laboratory.StartApiAsync(shop, [.. Uncached, ("ConnectionStrings__shop", address.ConnectionString)]);
        using var http = new HttpClient { BaseAddress = api.Address };
        for (var product = 1; product <= WarmUps; product++) await http.GetByteArrayAsync($"/api/v1/products/{Shop.Slug(product)}");
        tap.Recording = new Recording();
        await http.GetByteArrayAsync($"/api/v1/products/{Shop.Slug(WarmUps + 1)}");
        var replay = new Replay(tap.Recording, WarmUps + 1);
        var source = laboratory.Keep(NpgsqlDataSource.Create(ShopDb.Prepared(shop.ConnectionString)));
        return (source, replay);
    }
}
