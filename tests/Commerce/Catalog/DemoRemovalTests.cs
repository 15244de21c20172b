using System.Text;
using Commerce;
using Commerce.Audit;
using Commerce.Catalog;
using Commerce.Catalog.Import;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tests.Fixture;

namespace Tests.Commerce.Catalog;

/// <summary>A shop that was filled with a demo, in which a merchant has begun to work.</summary>
public sealed class DemoRemovalTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly TestShop _shop = new(postgres);

    private const string Demo = """
        Handle,Title,Variant SKU,Variant Inventory Qty,Variant Price,Collection,Ink (product.metafields.custom.ink),Paper (product.metafields.custom.paper)
        tide,Tide,T-1,3,10.00,Sea,Blue,Cotton
        wave,Wave,W-1,3,10.00,Both,Blue,
        again,On sale again,A-1,3,10.00,,,
        """;

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task The_demo_goes_with_what_only_it_had_and_the_merchants_own_stays_though_it_is_empty()
    {
        await using var db = _shop.Open();
        await FillAsync(db);
        Assert.Empty((await _shop.ImportAsync(Encoding.UTF8.GetBytes("Handle,Title,Variant SKU,Variant Inventory Qty,Variant Price,Collection,Paper (product.metafields.custom.paper)\nmine,Mine,M-1,1,9.00,Both,Linen\n"))).Problems);
        foreach (var slug in (string[])["empty", "by-rule"]) db.Add(new Collection { Id = Guid.CreateVersion7(), Slug = slug, Title = slug, Rules = slug == "empty" ? [] : [Rule()] });
        await db.SaveChangesAsync();
        var sold = await db.Variants.SingleAsync(v => v.Sku == "T-1");
        await _shop.Desk.PlaceAsync(TestShop.Wish(await _shop.FillBasketAsync((sold.Id, 1))), CancellationToken.None);

        Assert.Equal(3, await db.RemoveDemoAsync(Actor.System("test"), "A real shop opens", DateTimeOffset.UtcNow, CancellationToken.None));
        Assert.Equal(0, await db.RemoveDemoAsync(Actor.System("test"), "A real shop opens", DateTimeOffset.UtcNow, CancellationToken.None));

        Assert.Equal(["both", "by-rule", "empty"], await db.Collections.Select(c => c.Slug).Order().ToListAsync());
        Assert.Equal(["custom.paper"], await db.Set<AttributeDefinition>().Select(a => a.Key).ToListAsync());
        Assert.Equal(["attribute:custom.ink", "collection:sea", "shop"], await db.AuditEntries.Where(a => a.ActorName == "test" && a.Action.EndsWith("-removed")).Select(a => a.Subject).Order().ToListAsync());
        Assert.Equal("A real shop opens", (await db.AuditEntries.SingleAsync(a => a.Action == "catalogue.demo-removed")).Reason);
        var gone = await db.Products.AsNoTracking().Include(p => p.Variants).SingleAsync(p => p.Title == "Tide");
        Assert.Equal((null, true, null), (gone.PublishedAt, gone.ArchivedAt is not null, gone.Variants[0].Sku));
        Assert.Equal("Tide", (await db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync()).Lines.Single().Title);
        await Ledger.AssertBalancesAsync(db);

        // What the merchant puts on sale again is theirs.
        var again = await db.Products.SingleAsync(p => p.Title == "On sale again");
        again.Publish(DateTimeOffset.UtcNow);
        await db.SaveChangesAsync();
        var rows = (await _shop.ExportAsync()).Split("\r\n").Skip(1).Select(r => r.Split(',')[0]).Where(h => h != "");
        Assert.Equal(["mine", again.Slug], rows.Order(StringComparer.Ordinal).OrderBy(h => h != "mine"));
    }

    [Fact]
    public async Task What_was_the_demos_comes_back_into_no_collection_by_rule_and_stays_in_the_export_where_a_bundle_is_made_of_it()
    {
        await using var db = _shop.Open();
        await FillAsync(db);
        Assert.Empty((await _shop.ImportAsync(Encoding.UTF8.GetBytes("Handle,Title,Variant SKU,Variant Price,Shop: Components\nmine,Mine,M-1,9.00,2 x sku:T-1\n"))).Problems);
        var everything = new Collection { Id = Guid.CreateVersion7(), Slug = "everything", Title = "Everything", Rules = [Rule(RuleRelation.NotEquals)] };
        db.Add(everything);
        Assert.Null(await db.SaveEditAsync(everything, "test", Actor.System("test"), null, CancellationToken.None));
        Assert.Equal(4, await MembersAsync());

        Assert.Equal(3, await db.RemoveDemoAsync(Actor.System("test"), "A real shop opens", DateTimeOffset.UtcNow, CancellationToken.None));
        Assert.Equal(1, await MembersAsync());
        db.ChangeTracker.Clear();
        Assert.Null(await db.SaveEditAsync(await db.Collections.SingleAsync(c => c.Slug == "everything"), "test", Actor.System("test"), null, CancellationToken.None));
        Assert.Equal(1, await MembersAsync());
        var tide = (await db.LoadProductAsync(await db.Products.Where(p => p.Title == "Tide").Select(p => p.Id).SingleAsync(), CancellationToken.None))!;
        Assert.Null(await db.SaveEditAsync(tide, "test", Actor.System("test"), null, DateTimeOffset.UtcNow, CancellationToken.None));
        Assert.Equal(1, await MembersAsync());
        tide.Publish(DateTimeOffset.UtcNow);
        Assert.Null(await db.SaveEditAsync(tide, "test", Actor.System("test"), null, DateTimeOffset.UtcNow, CancellationToken.None));
        Assert.Equal(2, await MembersAsync());
        tide.Archive(DateTimeOffset.UtcNow);
        Assert.Null(await db.SaveEditAsync(tide, "test", Actor.System("test"), null, DateTimeOffset.UtcNow, CancellationToken.None));
        Assert.Equal(1, await MembersAsync());

        var exported = await _shop.ExportAsync();
        Assert.Contains($"2 x variant:{tide.Slug}", exported);
        Assert.Equal(["mine", tide.Slug], exported.Split("\r\n").Skip(1).Select(r => r.Split(',')[0]).Where(h => h != "").Order(StringComparer.Ordinal));

        Task<int> MembersAsync() => db.Set<CollectionProduct>().CountAsync(m => m.CollectionId == everything.Id);
    }

    private static CollectionRule Rule(RuleRelation relation = RuleRelation.Equals) => new() { CollectionId = Guid.Empty, Position = 1, Field = RuleField.Tag, Relation = relation, Value = "none" };

    private async Task FillAsync(ShopDb db)
    {
        var path = Path.Combine(_shop.Folder, "demo.csv");
        await File.WriteAllTextAsync(path, Demo);
        await using var scope = _shop.Scope();
        Assert.Empty((await ShopSetup.FillAsync(db, scope.ServiceProvider.GetRequiredService<CatalogImport>(), path, _shop.Folder, ImportOrigin.Command(Actor.System("migrate"), null, path), null, CancellationToken.None))!.Problems);
        db.ChangeTracker.Clear();
    }
}
