using Commerce;
using Commerce.Catalog;

namespace Tests.Commerce.Catalog;

/// <summary>Collections as shoppers see them: how many pieces are in one, and the picture of the first.</summary>
public class CollectionReadsTests(TestShop shop) : IClassFixture<TestShop>
{
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task A_collection_shows_the_picture_of_its_first_piece_on_sale_that_has_one_and_counts_what_is_on_sale()
    {
        var now = DateTimeOffset.UtcNow;
        await using var db = shop.Open();
        Product[] all = [Piece("draft", 1, null), Piece("later", 2, now.AddDays(1)), Piece("bare", 3, now.AddDays(-1), pictures: 0), Piece("first", 4, now.AddDays(-1)), Piece("second", 5, now.AddDays(-1))];
        db.AddRange(all);
        var priceless = Piece("priceless", 0, now.AddDays(-1)); // in the shop's currency: no list shows it
        priceless.ListPrices[0] = new ListPrice { ProductId = priceless.Id, Currency = "USD" };
        db.Add(priceless);
        Add("full", 2, [priceless, .. all]);
        Add("late", 1, all[4]);
        Add("hidden", 4, all[0], all[1]);
        Add("empty", 3);
        await db.SaveChangesAsync();

        var list = (await db.ListCollectionsAsync(now, CancellationToken.None)).Items.Where(c => c.Slug.EndsWith(_id, StringComparison.Ordinal)).ToList();
        Assert.Equal(["late", "full", "empty", "hidden"], list.Select(c => c.Slug.Split('-')[0]));
        Assert.Equal([("second 1", 1), ("first 1", 3), (null, 0), (null, 0)], list.Select(c => (c.Image?.Alt, c.ProductCount)));
        foreach (var one in list) Assert.Equal(one, (await db.FindCollectionAsync(one.Slug, now, CancellationToken.None)).Value);

        void Add(string name, int position, params Product[] members)
        {
            var collection = new Collection { Id = Guid.CreateVersion7(), Slug = $"{name}-{_id}", Title = name, Position = position };
            collection.Products.AddRange(members.Select(m => new CollectionProduct { CollectionId = collection.Id, ProductId = m.Id }));
            db.Add(collection);
        }
    }

    private Product Piece(string name, int rank, DateTimeOffset? publishedAt, int pictures = 2)
    {
        var product = new Product { Id = Guid.CreateVersion7(), Slug = $"{name}-{_id}", Title = name, FeaturedRank = rank, PublishedAt = publishedAt };
        product.ListPrices.Add(new ListPrice { ProductId = product.Id, Currency = Money.ShopCurrency });
        for (var i = 1; i <= pictures; i++)
            product.Images.Add(new ProductImage { Id = Guid.CreateVersion7(), ProductId = product.Id, Position = i, Hash = new string('a', 64), Alt = $"{name} {i}", Width = 3, Height = 2, Source = "a.png" });
        return product;
    }
}
