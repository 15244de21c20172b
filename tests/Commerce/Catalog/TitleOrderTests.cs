using System.Data.Common;
using System.Text;
using Commerce;
using Commerce.Catalog;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Tests.Commerce.Catalog;

/// <summary>The list from A to Z: as people read it, whole, and by the index.</summary>
public class TitleOrderTests(TestShop shop) : IClassFixture<TestShop>
{
    [Theory, InlineData(1), InlineData(2), InlineData(5), InlineData(100)]
    public async Task Titles_are_sorted_as_they_are_read_and_every_page_goes_on_where_the_last_one_ended(int limit)
    {
        string[] sorted = ["10 Farben", "apfel", "Apfel", "Apfel", "Apfel", "Äpfel", "Apfelbaum", "Ärmel", "éclair", "Eclipse", "Öl", "Strasse", "Straße", "zebra", "Zebra"];
        var tag = $"t{Guid.NewGuid():N}";
        await using var db = shop.Open();
        var collection = new Collection { Id = Guid.CreateVersion7(), Slug = tag, Title = tag };
        foreach (var title in sorted.Reverse())
        {
            var product = new Product { Id = Guid.CreateVersion7(), Slug = $"{tag}-{Guid.NewGuid():N}", Title = title, Tags = [tag], PublishedAt = DateTimeOffset.UtcNow.AddMinutes(-1) };
            product.ListPrices.Add(new ListPrice { ProductId = product.Id, Currency = Money.ShopCurrency });
            collection.Products.Add(new CollectionProduct { CollectionId = collection.Id, ProductId = product.Id });
            db.Add(product);
        }
        db.Add(collection);
        await db.SaveChangesAsync();

        foreach (var filter in (ProductFilter[])[new() { Tags = [tag] }, new() { Collection = tag }])
        {
            var seen = new List<ProductCard>();
            string? cursor = null;
            do
            {
                var page = (await db.ListProductsAsync(new ProductQuery(limit, cursor, ProductSort.Title) { Filter = filter }, DateTimeOffset.UtcNow, CancellationToken.None)).Value;
                Assert.InRange(page.Items.Count, 1, limit);
                seen.AddRange(page.Items);
                cursor = page.NextCursor;
            }
            while (cursor is not null);
            Assert.Equal(sorted, seen.Select(p => p.Title));
            Assert.Equal(sorted.Length, seen.DistinctBy(p => p.Slug).Count());
        }
    }

    [Fact]
    public async Task A_page_of_titles_is_read_from_the_index_wherever_it_lies()
    {
        await using var db = shop.Open();
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO products (id, slug, title, description_html, vendor, product_type, tags, option_names, featured_rank, version, published_at, created_at, updated_at)
                SELECT gen_random_uuid(), 'many-' || i, 'Österreich ' || i, '', '', '', ARRAY['many'], ARRAY[]::text[], 0, 1, now(), now(), now() FROM generate_series(1, 5000) i
            """);
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO list_prices (product_id, currency, from_minor, to_minor) SELECT id, {Money.ShopCurrency}, 100, 100 FROM products WHERE 'many' = ANY(tags)
            """);
        await db.Database.ExecuteSqlRawAsync("ANALYZE products, list_prices");

        var plans = new Plans();
        await using var explained = new ShopDb(new DbContextOptionsBuilder<ShopDb>().UseNpgsql(db.Database.GetConnectionString()).UseSnakeCaseNamingConvention().AddInterceptors(plans).Options);
        string? cursor = null;
        for (var page = 1; page <= 2; page++)
        {
            cursor = (await explained.ListProductsAsync(new ProductQuery(20, cursor, ProductSort.Title), DateTimeOffset.UtcNow, CancellationToken.None)).Value.NextCursor;
            Assert.NotNull(cursor);
        }
        Assert.Equal(2, plans.Seen.Count);
        Assert.All(plans.Seen, plan => Assert.Contains("ix_products_title_id", plan));
        Assert.Matches(@"Index Cond: \(ROW\(\(?\w*\.?title", plans.Seen[1]);
        // The page's own rows are sorted once more, with their pictures; below the limit nothing is.
        Assert.All(plans.Seen, plan => Assert.DoesNotMatch("Sort Key:.*title", plan[plan.IndexOf("Limit", StringComparison.Ordinal)..]));
    }

    /// <summary>Asks for the plan of every query before it runs.</summary>
    private sealed class Plans : DbCommandInterceptor
    {
        public List<string> Seen { get; } = [];

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            await using var explain = new NpgsqlCommand($"EXPLAIN {command.CommandText}", (NpgsqlConnection)command.Connection!);
            foreach (NpgsqlParameter parameter in command.Parameters) explain.Parameters.Add(parameter.Clone());
            var plan = new StringBuilder();
            await using (var reader = await explain.ExecuteReaderAsync(cancellationToken))
                while (await reader.ReadAsync(cancellationToken)) plan.AppendLine(reader.GetString(0));
            Seen.Add(plan.ToString());
            return result;
        }
    }
}
