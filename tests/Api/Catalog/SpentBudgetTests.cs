using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Tests.Fixture;

namespace Tests.Api.Catalog;

/// <summary>Three nodes that have shared what they may in this minute.</summary>
public class SpentBudgetTests(SpentBudgetTests.Nodes shop) : IClassFixture<SpentBudgetTests.Nodes>
{
    [Fact]
    public async Task Nodes_that_can_share_no_more_load_the_same_answer_side_by_side()
    {
        // A minute that begins between spending and asking has room again, so there is more than one try.
        for (var tries = 0; tries < 3; tries++)
            if (await LoadTogetherAsync()) return;
        Assert.Fail("Nodes waited for an answer that no node could share.");
    }

    private async Task<bool> LoadTogetherAsync()
    {
        foreach (var node in shop.All) await ShopApi.OkAsync(node.GetAsync($"/api/v1/products/{await shop.AddProductAsync()}"));
        var slug = await shop.AddProductAsync();
        await using var db = shop.Open();
        List<Task> asked;
        bool areTogether;
        await using (var held = await db.Database.BeginTransactionAsync())
        {
            await db.Database.ExecuteSqlAsync($"LOCK TABLE products IN ACCESS EXCLUSIVE MODE");
            asked = [.. shop.All.Select(node => ShopApi.OkAsync(node.GetAsync($"/api/v1/products/{slug}")))];
            // Whoever loads is held by its first statement.
            var started = Stopwatch.StartNew();
            while (!(areTogether = shop.Loads.GetValueOrDefault(slug) >= shop.All.Count) && started.Elapsed < TimeSpan.FromSeconds(10)) await Task.Delay(20);
        }
        await Task.WhenAll(asked);
        return areTogether;
    }

    public sealed class Nodes(PostgresFixture postgres, RedisFixture redis) : CacheTests.Nodes(postgres, redis)
    {
        protected override IReadOnlyDictionary<string, string> MoreSettings { get; } =
            new Dictionary<string, string> { ["Catalog:Cache:SharedBytesPerMinute"] = "1", ["Catalog:Cache:LoadTime"] = "00:01:00" };
    }
}
