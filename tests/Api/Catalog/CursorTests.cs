namespace Tests.Api.Catalog;

public class CursorTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task A_cursor_after_the_longest_title_leads_to_the_rest_of_the_list()
    {
        await using var db = shop.Open();
        foreach (var slug in (string[])["long-1", "long-2"]) await Goods.AddAsync(db, slug, 1, 100);
        foreach (var product in db.Products.Where(p => p.Slug.StartsWith("long-")).ToList()) product.Title = new string('水', 500);
        await db.SaveChangesAsync();
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products?sort=title&limit=1{cursor}"));
            seen.Add(page.GetProperty("items")[0].GetProperty("slug").GetString()!);
            cursor = page.GetProperty("nextCursor").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);
        Assert.Equal(["long-1", "long-2", "mug", "tide"], seen.Order());
    }
}
