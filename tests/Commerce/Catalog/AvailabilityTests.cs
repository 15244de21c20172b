using Commerce.Catalog;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce.Catalog;

/// <summary>What can be ordered is counted for the whole shop in another way than it is asked of one product: both must say the same.</summary>
public class AvailabilityTests(TestShop shop) : IClassFixture<TestShop>
{
    [Fact]
    public async Task The_count_of_what_can_be_ordered_knows_locations_backorders_bundles_withdrawn_variants_and_the_least_that_is_sold()
    {
        await using var db = shop.Open();
        var elsewhere = new Location { Id = Guid.CreateVersion7(), Name = "Elsewhere", Priority = 2 };
        db.Add(elsewhere);
        await db.SaveChangesAsync();
        await HasAsync(true, "in stock", await shop.AddVariantAsync(stock: 1));
        await HasAsync(false, "sold out", await shop.AddVariantAsync(stock: 0));
        await HasAsync(false, "all promised", await shop.AddVariantAsync(stock: 2), "UPDATE stock_items SET reserved = on_hand WHERE variant_id = @id");
        await HasAsync(true, "only at another location", await shop.AddVariantAsync(stock: 0), $"INSERT INTO stock_items (id, variant_id, location_id, on_hand, reserved, is_low) VALUES (gen_random_uuid(), @id, '{elsewhere.Id}', 3, 0, false)");
        await HasAsync(true, "backorder, units owed", await shop.AddVariantAsync(stock: 1), "UPDATE variants SET allows_backorder = true WHERE id = @id; UPDATE stock_items SET reserved = 9 WHERE variant_id = @id");
        await HasAsync(false, "fewer than are sold at once", await shop.AddVariantAsync(stock: 9), "UPDATE variants SET min_quantity = 10 WHERE id = @id");
        await HasAsync(true, "as many as are sold at once", await shop.AddVariantAsync(stock: 10), "UPDATE variants SET min_quantity = 10, quantity_step = 7 WHERE id = @id");
        await HasAsync(true, "as many at two locations", await shop.AddVariantAsync(stock: 6), $"UPDATE variants SET min_quantity = 10 WHERE id = @id; INSERT INTO stock_items (id, variant_id, location_id, on_hand, reserved, is_low) VALUES (gen_random_uuid(), @id, '{elsewhere.Id}', 4, 0, false)");
        await HasAsync(true, "a backorder of ten", await shop.AddVariantAsync(stock: 1), "UPDATE variants SET min_quantity = 10, allows_backorder = true WHERE id = @id");
        await HasAsync(false, "withdrawn with units left", await shop.AddVariantAsync(stock: 4), "UPDATE variants SET withdrawn_at = now() WHERE id = @id");

        var (plenty, two, none, owed) = (await shop.AddVariantAsync(stock: 9), await shop.AddVariantAsync(stock: 2), await shop.AddVariantAsync(stock: 0), await shop.AddVariantAsync(stock: 0));
        await db.Database.ExecuteSqlAsync($"UPDATE variants SET allows_backorder = true WHERE id = {owed}");
        await HasAsync(true, "a bundle that can be made", await BundleAsync((plenty, 3), (two, 2)));
        await HasAsync(true, "three bundles at once", await BundleAsync((plenty, 3)), "UPDATE variants SET min_quantity = 3 WHERE id = @id");
        await HasAsync(false, "four bundles at once", await BundleAsync((plenty, 3)), "UPDATE variants SET min_quantity = 4 WHERE id = @id");
        await HasAsync(false, "a bundle of more than there is", await BundleAsync((plenty, 3), (two, 3)));
        await HasAsync(false, "a bundle of what is sold out", await BundleAsync((none, 1)));
        await HasAsync(true, "a bundle of what takes backorders", await BundleAsync((plenty, 1), (owed, 2)));

        async Task<Guid> BundleAsync(params (Guid Variant, int Quantity)[] parts)
        {
            var bundle = await shop.AddVariantAsync(stock: 0);
            db.AddRange(parts.Select(part => new BundleComponent { BundleId = bundle, ComponentId = part.Variant, Quantity = part.Quantity }));
            await db.SaveChangesAsync();
            return bundle;
        }

        async Task HasAsync(bool isAvailable, string what, Guid variant, string sql = "")
        {
            if (sql != "") await db.Database.ExecuteSqlRawAsync(sql.Replace("@id", $"'{variant}'", StringComparison.Ordinal));
            await db.Database.ExecuteSqlAsync($"UPDATE products SET tags = ARRAY[{what}] WHERE id = (SELECT product_id FROM variants WHERE id = {variant})");
            var now = DateTimeOffset.UtcNow;
            var counted = (await db.CountFacetsAsync(new ProductFilter { Tags = [what] }, now, CancellationToken.None)).Value;
            var listed = (await db.ListProductsAsync(new ProductQuery(10) { Filter = new ProductFilter { Tags = [what] } }, now, CancellationToken.None)).Value;
            var filtered = (await db.ListProductsAsync(new ProductQuery(10) { Filter = new ProductFilter { Tags = [what], Available = isAvailable } }, now, CancellationToken.None)).Value;
            Assert.Equal((what, 1, isAvailable ? 1 : 0, isAvailable, 1), (what, counted.ProductCount, counted.AvailableCount, Assert.Single(listed.Items).Available, filtered.Items.Count));
            // A product whose variants are all withdrawn has no page.
            var page = await db.FindProductAsync(listed.Items[0].Slug, now, CancellationToken.None);
            Assert.Equal((what, isAvailable), (what, page.Refusal is null && Assert.Single(page.Value.Variants).Available));
        }
    }

    [Fact]
    public async Task A_product_says_of_each_variant_whether_it_would_be_a_backorder()
    {
        await using var db = shop.Open();
        await IsAsync(false, await shop.AddVariantAsync(stock: 1));
        await IsAsync(false, await shop.AddVariantAsync(stock: 0));
        await IsAsync(false, await shop.AddVariantAsync(stock: 3), minQuantity: 4); // takes no backorders: it cannot be had in that number at all
        await IsAsync(true, await OwedAsync(stock: 0));
        await IsAsync(false, await OwedAsync(stock: 1));
        await IsAsync(true, await OwedAsync(stock: 3), minQuantity: 4);
        await IsAsync(false, await OwedAsync(stock: 4), minQuantity: 4);
        await IsAsync(true, await OwedAsync(stock: 9), minQuantity: 10);
        await IsAsync(false, await OwedAsync(stock: 10), minQuantity: 10);

        var (plenty, none, owed) = (await shop.AddVariantAsync(stock: 9), await shop.AddVariantAsync(stock: 0), await OwedAsync(stock: 3));
        await IsAsync(false, await BundleAsync((plenty, 2)));
        await IsAsync(false, await BundleAsync((plenty, 1), (owed, 3)));
        await IsAsync(true, await BundleAsync((plenty, 1), (owed, 4)));
        await IsAsync(true, await BundleAsync((owed, 4)));
        await IsAsync(true, await BundleAsync((plenty, 1), (owed, 2)), minQuantity: 2);
        await IsAsync(false, await BundleAsync((none, 1), (owed, 4))); // sold out: it cannot be ordered

        async Task<Guid> OwedAsync(int stock)
        {
            var variant = await shop.AddVariantAsync(stock);
            await db.Database.ExecuteSqlAsync($"UPDATE variants SET allows_backorder = true WHERE id = {variant}");
            return variant;
        }

        async Task<Guid> BundleAsync(params (Guid Variant, int Quantity)[] parts)
        {
            var bundle = await shop.AddVariantAsync(stock: 0);
            db.AddRange(parts.Select(part => new BundleComponent { BundleId = bundle, ComponentId = part.Variant, Quantity = part.Quantity }));
            await db.SaveChangesAsync();
            return bundle;
        }

        async Task IsAsync(bool isBackorder, Guid variant, int minQuantity = 1)
        {
            await db.Database.ExecuteSqlAsync($"UPDATE variants SET min_quantity = {minQuantity} WHERE id = {variant}");
            var slug = await db.Variants.Where(v => v.Id == variant).Select(v => v.Product.Slug).SingleAsync();
            Assert.Equal(isBackorder, Assert.Single((await db.FindProductAsync(slug, DateTimeOffset.UtcNow, CancellationToken.None)).Value.Variants).Backorder);
        }
    }
}
