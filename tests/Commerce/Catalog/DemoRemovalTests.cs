using System.Text;
using Commerce;
using Commerce.Audit;
using Commerce.Catalog;
using Commerce.Catalog.Import;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Tests.Commerce.Catalog;

/// <summary>A shop that was filled with a demo, in which a merchant has begun to work.</summary>
public class DemoRemovalTests(TestShop shop) : IClassFixture<TestShop>
{
    private const string Demo = """
        Handle,Title,Variant SKU,Variant Inventory Qty,Variant Price,Collection,Ink (product.metafields.custom.ink),Paper (product.metafields.custom.paper)
        tide,Tide,T-1,3,10.00,Sea,Blue,Cotton
        wave,Wave,W-1,3,10.00,Both,Blue,
        again,On sale again,A-1,3,10.00,,,
        """;

    [Fact]
    public async Task The_demo_goes_with_what_only_it_had_and_the_merchants_own_stays_though_it_is_empty()
    {
        await using var db = shop.Open();
        await FillAsync(db);
        Assert.Empty((await shop.ImportAsync(Encoding.UTF8.GetBytes("Handle,Title,Variant SKU,Variant Inventory Qty,Variant Price,Collection,Paper (product.metafields.custom.paper)\nmine,Mine,M-1,1,9.00,Both,Linen\n"))).Problems);
        foreach (var slug in (string[])["empty", "by-rule"]) db.Add(new Collection { Id = Guid.CreateVersion7(), Slug = slug, Title = slug, Rules = slug == "empty" ? [] : [Rule()] });
        await db.SaveChangesAsync();
        var sold = await db.Variants.SingleAsync(v => v.Sku == "T-1");
        await shop.Desk.PlaceAsync(TestShop.Wish(await shop.FillBasketAsync((sold.Id, 1))), CancellationToken.None);

        Assert.Equal(3, await db.RemoveDemoAsync(Actor.System("test"), DateTimeOffset.UtcNow, CancellationToken.None));
        Assert.Equal(0, await db.RemoveDemoAsync(Actor.System("test"), DateTimeOffset.UtcNow, CancellationToken.None));

        Assert.Equal(["both", "by-rule", "empty"], await db.Collections.Select(c => c.Slug).Order().ToListAsync());
        Assert.Equal(["custom.paper"], await db.Set<AttributeDefinition>().Select(a => a.Key).ToListAsync());
        Assert.Equal(["attribute:custom.ink", "collection:sea", "shop"], await db.AuditEntries.Where(a => a.ActorName == "test" && !a.Subject.StartsWith("import:")).Select(a => a.Subject).Order().ToListAsync());
        var gone = await db.Products.AsNoTracking().Include(p => p.Variants).SingleAsync(p => p.Title == "Tide");
        Assert.Equal((null, true, null), (gone.PublishedAt, gone.ArchivedAt is not null, gone.Variants[0].Sku));
        Assert.Equal("Tide", (await db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync()).Lines.Single().Title);
        await Ledger.AssertBalancesAsync(db);

        // What the merchant puts on sale again is theirs.
        var again = await db.Products.SingleAsync(p => p.Title == "On sale again");
        again.Publish(DateTimeOffset.UtcNow);
        await db.SaveChangesAsync();
        var rows = (await shop.ExportAsync()).Split("\r\n").Skip(1).Select(r => r.Split(',')[0]).Where(h => h != "");
        Assert.Equal(["mine", again.Slug], rows.Order(StringComparer.Ordinal).OrderBy(h => h != "mine"));
    }

    private static CollectionRule Rule() => new() { CollectionId = Guid.Empty, Position = 1, Field = RuleField.Tag, Relation = RuleRelation.Equals, Value = "none" };

    private async Task FillAsync(ShopDb db)
    {
        var path = Path.Combine(shop.Folder, "demo.csv");
        await File.WriteAllTextAsync(path, Demo);
        await using var scope = shop.Scope();
        Assert.Empty((await ShopSetup.FillAsync(db, scope.ServiceProvider.GetRequiredService<CatalogImport>(), path, shop.Folder, null, CancellationToken.None))!.Problems);
        db.ChangeTracker.Clear();
    }
}
