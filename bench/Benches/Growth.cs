using Bench.Load;
using Bench.Measuring;
using Bench.Servers;

namespace Bench.Benches;

/// <summary>The same work on a catalogue a hundred times as large, past the cache.</summary>
internal sealed class Growth : IBench
{
    private const int Few = 1_000;
    private const int Many = 100_000;
    private const int Buyers = 16;

    private static readonly (string What, Func<int, string> Path)[] Pages =
    [
        ("product", products => $"/api/v1/products/{Shop.Slug(Random.Shared.Next(products) + 1)}"),
        ("list of 20", _ => "/api/v1/products?limit=20"),
        ("list of 20, by price in a collection of all", _ => $"/api/v1/products?limit=20&sort=price&collection={Shop.Collection}"),
    ];

    public string Name => "growth";
    public string Question => "what 100,000 products cost that 1,000 do not";

    public async Task RunAsync(Laboratory laboratory, Contest contest, Report report)
    {
        var sides = new List<Side>();
        foreach (var products in new[] { Few, Many })
        {
            var shop = await laboratory.ShopAsync(products);
            var api = await laboratory.StartApiAsync(shop, Reads.Uncached);
            var floor = await CheckoutFloor.OpenAsync(laboratory, shop, shop.ConnectionString, $"redis-{products}");
            foreach (var (what, path) in Pages)
                sides.Add(new Side($"{what}, {products}", window => HttpLoad.RunAsync(api.Port, window, () => HttpConnection.Get(path(products))),
                    () => CpuTime.Of(api.ProcessId) + CpuTime.OfTree(laboratory.PostgresId)));
            sides.Add(new Side($"checkout, {products}", window => floor.RunAsync(Buyers, window), floor.Cpu, async _ => await floor.ResetAsync()));
        }
        string[] works = [.. Pages.Select(page => page.What), "checkout"];
        // By work and not by size, so that the two sizes of a work are neighbours in time.
        var rows = await contest.Shorter(0.5).RunAsync(
            [.. works.SelectMany(work => sides.Where(side => side.Name.StartsWith(work + ", ", StringComparison.Ordinal) && Array.TrueForAll(works, other => other.Length <= work.Length || !side.Name.StartsWith(other, StringComparison.Ordinal))))],
            [.. works.Select(work => new Comparison(work == "checkout" ? $"checkout, {Buyers} buyers" : $"{work}, uncached", $"{work}, {Few}", $"{work}, {Many}"))]);
        report.Add("Growth: 100,000 products (measured) against 1,000 (yardstick)", rows,
            "4 variants each. Every read is by an index, so a larger catalogue costs deeper indexes and, once it is larger than PostgreSQL's buffers (128 MB here), pages from the system's cache.");
    }
}
