using System.Net;
using Commerce.Audit;
using Commerce.Catalog;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Catalog.Staff;

public class GalleryTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGOQs4mCIAY4CwAo3AQ5jwAmcgAAAABJRU5ErkJggg==");

    [Fact]
    public async Task Pictures_change_their_order_and_texts_and_one_is_taken_away_though_a_variant_and_an_order_show_it()
    {
        var variant = await shop.AddGoodsAsync(stock: 5);
        await using var db = shop.Open();
        var slug = await db.Variants.Where(v => v.Id == variant).Select(v => v.Product.Slug).SingleAsync();
        var (id, etag) = await shop.Staff.FindAsync(slug);
        etag = await AddAsync(id, "Back", etag);
        var (front, back) = await db.Products.Where(p => p.Slug == slug).SelectMany(p => p.Images).OrderBy(i => i.Position).Select(i => i.Id).ToListAsync() is [var a, var b] ? (a, b) : default;
        etag = await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}/variants/{variant}", etag,
            new { options = Array.Empty<string>(), prices = new[] { new { currency = "EUR", amountMinor = 2500 } }, pictureId = back });
        var order = await Purchase.PlaceAsync(shop, variant);

        var gallery = $"/api/v1/admin/products/{id}/pictures";
        object Named(params (Guid Id, string Alt)[] pictures) => new { pictures = pictures.Select(p => new { id = p.Id, alt = p.Alt }) };
        foreach (var incomplete in new[] { Named((back, "Back")), Named((back, "Back"), (back, "Back")), Named((back, "Back"), (Guid.CreateVersion7(), "Other")) })
            Assert.Equal("catalogue.gallery-incomplete", await shop.Staff.CallAsync(HttpMethod.Put, gallery, etag, incomplete).CodeAsync());
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Staff.CallAsync(HttpMethod.Put, gallery, etag, Named((back, ""), (front, "Front")))).StatusCode);
        etag = await shop.Staff.EditAsync(HttpMethod.Put, gallery, etag, Named((back, "From behind"), (front, "From the front")));
        var shown = (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products/{slug}"))).GetProperty("images");
        Assert.Equal(["From behind", "From the front"], shown.EnumerateArray().Select(i => i.GetProperty("alt").GetString()));

        Assert.Equal("catalogue.picture-not-found", await shop.Staff.CallAsync(HttpMethod.Delete, $"{gallery}/{Guid.CreateVersion7()}", etag, null).CodeAsync());
        await shop.Staff.EditAsync(HttpMethod.Delete, $"{gallery}/{back}", etag, null);
        var left = await db.Set<ProductImage>().AsNoTracking().Where(i => i.Id == front || i.Id == back).ToListAsync();
        Assert.Equal([(front, 1)], left.Select(i => (i.Id, i.Position)));
        Assert.Null(await db.Variants.Where(v => v.Id == variant).Select(v => v.ImageId).SingleAsync());
        Assert.Equal("Back", (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/orders/{order.Number}?key={order.Key}"))).GetProperty("lines")[0].GetProperty("image").GetProperty("alt").GetString());
        var actions = await db.Set<AuditEntry>().Where(e => e.Subject == $"product:{slug}").OrderBy(e => e.Id).Select(e => e.Action).ToListAsync();
        Assert.Equal(["catalogue.picture-added", "catalogue.variant-changed", "catalogue.pictures-arranged", "catalogue.picture-removed"], actions);
    }

    private async Task<string> AddAsync(string id, string alt, string etag)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/admin/products/{id}/pictures?alt={alt}") { Content = new ByteArrayContent(Png) { Headers = { ContentType = new("image/png") } } };
        request.Headers.TryAddWithoutValidation("If-Match", etag);
        var answer = await shop.Staff.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer.Headers.ETag!.Tag;
    }
}
