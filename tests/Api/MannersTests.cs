using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Commerce.Catalog;

namespace Tests.Api;

public class MannersTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Theory]
    [InlineData("/api/v1/products")]
    [InlineData("/api/v1/products/tide")]
    [InlineData("/api/v1/facets")]
    [InlineData("/api/v1/collections")]
    public async Task HEAD_is_answered_like_GET_without_a_body(string path)
    {
        using var get = await shop.Client.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await shop.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, get.Headers.ETag, get.Content.Headers.ContentLength), (head.StatusCode, head.Headers.ETag, head.Content.Headers.ContentLength));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task What_is_about_somebody_is_kept_by_nobody_on_the_way()
    {
        var order = await Purchase.PlaceAsync(shop, shop.Tide);
        foreach (var path in (string[])[$"/api/v1/orders/{order.Number}?key={order.Key}", "/api/v1/orders/OG-0000-0000?key=none", "/api/v1/session", "/api/v1/admin/orders"])
        {
            using var guest = await shop.Client.GetAsync(path);
            using var staff = await shop.Staff.GetAsync(path);
            Assert.True(guest.Headers.CacheControl!.NoStore && staff.Headers.CacheControl!.NoStore, path);
        }
        Assert.False((await shop.Client.GetAsync("/api/v1/products")).Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task An_order_is_found_by_its_number_as_people_type_it()
    {
        var order = await Purchase.PlaceAsync(shop, shop.Tide);
        var typed = order.Number.ToLowerInvariant().Replace('0', 'o');
        Assert.Equal(order.Number, (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/orders/{typed}?key={order.Key}"))).GetProperty("number").GetString());
        await ShopApi.OkAsync(shop.Client.PostAsync($"/api/v1/orders/{typed}/cancellation?key={order.Key}", null));
        Assert.Equal("cancelled", await order.StatusAsync());
        var seen = await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/orders/{typed}"));
        Assert.Equal(order.Number, seen.GetProperty("number").GetString());
        Assert.Equal(["orders.cancelled", "orders.placed"], seen.GetProperty("history").EnumerateArray().Select(e => e.GetProperty("action").GetString()));
    }

    [Theory]
    [InlineData("GET", "/api/v1/products/none", null, 404, "products.not-found")]
    [InlineData("GET", "/api/v1/products?collection=none", null, 404, "collections.not-found")]
    [InlineData("GET", "/api/v1/products?limit=0", null, 400, "request.invalid")]
    [InlineData("GET", "/api/v1/products?limit=many", null, 400, "request.malformed")]
    [InlineData("GET", "/api/v1/products?sort=colour", null, 400, "request.invalid")]
    [InlineData("GET", "/api/v1/products?cursor=%21%21", null, 400, "products.cursor-invalid")]
    [InlineData("GET", "/api/v1/products?option=Size", null, 400, "products.filter-invalid")]
    [InlineData("GET", "/api/v1/products?tag=", null, 400, "products.filter-invalid")]
    [InlineData("GET", "/api/v1/products?priceMin=-1", null, 400, "request.invalid")]
    [InlineData("GET", "/api/v1/products?available=maybe", null, 400, "request.malformed")]
    [InlineData("GET", "/api/v1/products?currency=euro", null, 400, "request.invalid")]
    [InlineData("GET", "/api/v1/products?currency=", null, 400, "request.invalid")]
    [InlineData("GET", "/api/v1/products?priceMx=1", null, 400, "request.invalid")]
    [InlineData("POST", "/api/v1/baskets?curency=USD", null, 400, "request.invalid")]
    [InlineData("POST", "/api/v1/baskets", """{"currency":"USD"}""", 400, "request.malformed")]
    [InlineData("POST", "/api/v1/baskets", "{", 400, "request.malformed")]
    [InlineData("GET", "/api/v1/facets?collection=none", null, 404, "collections.not-found")]
    [InlineData("GET", "/api/v1/products/tide?currency=USD", null, 404, "products.not-found")]
    [InlineData("GET", "/api/v1/collections/none", null, 404, "collections.not-found")]
    [InlineData("GET", "/api/v1/baskets/none", null, 404, "baskets.not-found")]
    [InlineData("PUT", "/api/v1/baskets/none/lines/{tide}", """{"quantity":1}""", 404, "baskets.not-found")]
    [InlineData("PUT", "/api/v1/baskets/{basket}/lines/00000000-0000-0000-0000-000000000000", """{"quantity":1}""", 404, "baskets.variant-not-found")]
    [InlineData("PUT", "/api/v1/baskets/{basket}/lines/{mug}", """{"quantity":2}""", 409, "baskets.quantity-unavailable")]
    [InlineData("PUT", "/api/v1/baskets/{basket}/lines/{tide}", """{"quantity":-1}""", 400, "request.invalid")]
    [InlineData("PUT", "/api/v1/baskets/{basket}/lines/{tide}", """{"quantity":100}""", 400, "request.invalid")]
    [InlineData("PUT", "/api/v1/baskets/{basket}/lines/{tide}", """{"quantity":99999999999999999999}""", 400, "request.malformed")]
    [InlineData("PUT", "/api/v1/baskets/{basket}/lines/{tide}", """{"quantity":"1"}""", 400, "request.malformed")]
    [InlineData("PUT", "/api/v1/baskets/{basket}/lines/{tide}", """{"quantity":1""", 400, "request.malformed")]
    [InlineData("PUT", "/api/v1/baskets/{basket}/lines/{tide}", "{}", 400, "request.malformed")]
    [InlineData("PUT", "/api/v1/baskets/{basket}/lines/{tide}", "", 400, "request.malformed")]
    [InlineData("PUT", "/api/v1/baskets/{basket}/lines/not-an-id", """{"quantity":1}""", 404, "request.no-such-address")]
    [InlineData("POST", "/api/v1/orders", """{"basketId":"x"}""", 400, "request.malformed")]
    [InlineData("POST", "/api/v1/orders", """{"basketId":null,"email":"a@b.c","shippingAddress":null}""", 400, "request.malformed")]
    [InlineData("GET", "/api/v1/orders/OG-0000-0000?key=none", null, 404, "orders.not-found")]
    [InlineData("GET", "/api/v1/orders/OG-0000-0000", null, 400, "request.malformed")]
    [InlineData("POST", "/api/v1/orders/OG-0000-0000/payment-session?key=none", "", 404, "orders.not-found")]
    [InlineData("POST", "/api/v1/orders/OG-0000-0000/payment-confirmation?key=none", "", 404, "orders.not-found")]
    [InlineData("GET", "/api/v1/shipping-rates?countryCode=de&basketId={basket}", null, 400, "request.invalid")]
    [InlineData("GET", "/api/v1/shipping-rates?countryCode=KP&basketId={basket}", null, 422, "orders.country-not-served")]
    [InlineData("GET", "/api/v1/nowhere", null, 404, "request.no-such-address")]
    [InlineData("DELETE", "/api/v1/products", null, 405, "request.405")]
    [InlineData("PATCH", "/api/v1/baskets/{basket}", "{}", 405, "request.405")]
    [InlineData("PUT", "/api/v1/baskets/{basket}/lines/{tide}", """{"quantity":1,"quantity":2}""", 400, "request.malformed")]
    [InlineData("PUT", "/api/v1/baskets/{basket}/lines/{tide}", """{"quantity":1,"Quantity":2}""", 400, "request.malformed")]
    public async Task What_cannot_be_answered_is_a_problem_with_a_code_and_a_trace_id(string method, string path, string? body, int status, string code)
    {
        var basket = await Purchase.FillBasketAsync(shop, shop.Tide);
        path = path.Replace("{basket}", basket).Replace("{tide}", shop.Tide.ToString()).Replace("{mug}", shop.Mug.ToString());
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var response = await shop.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal($"urn:problem:{code}", problem.GetProperty("type").GetString());
        if (code == "request.invalid") Assert.All(problem.GetProperty("errors").EnumerateObject(), e => Assert.Contains(e.Name, problem.GetProperty("detail").GetString(), StringComparison.Ordinal));
        Assert.Equal(32, problem.GetProperty("traceId").GetString()!.Length);
    }

    [Fact]
    public async Task A_method_that_an_address_does_not_know_is_told_those_it_knows()
    {
        var response = await shop.Client.PatchAsJsonAsync("/api/v1/products", new { });
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("This address answers GET, HEAD.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_member_given_twice_is_named()
    {
        var basket = await Purchase.FillBasketAsync(shop, shop.Tide);
        using var content = new StringContent("""{"quantity":2,"quantity":3}""", Encoding.UTF8, "application/json");
        var response = await shop.Client.PutAsync($"/api/v1/baskets/{basket}/lines/{shop.Tide}", content);
        Assert.Contains("'quantity' twice", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await shop.Client.GetFromJsonAsync<JsonElement>($"/api/v1/baskets/{basket}")).GetProperty("lines")[0].GetProperty("quantity").GetInt32());
    }

    [Theory]
    [InlineData("gzip", false)]
    [InlineData("br, gzip", false)]
    [InlineData("identity", true)]
    public async Task A_compressed_body_is_refused_with_the_coding_that_is_taken(string coding, bool isTaken)
    {
        var basket = await Purchase.FillBasketAsync(shop, shop.Tide);
        using var content = new StringContent("""{"quantity":2}""", Encoding.UTF8, "application/json") { Headers = { { "Content-Encoding", coding } } };
        var response = await shop.Client.PutAsync($"/api/v1/baskets/{basket}/lines/{shop.Tide}", content);
        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        if (isTaken) return;
        Assert.Equal("identity", response.Headers.GetValues("Accept-Encoding").Single());
        Assert.Contains("not compressed", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "request.malformed")]
    [InlineData("short", "request.invalid")]
    public async Task An_order_needs_a_proper_Idempotency_Key(string? key, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders")
        {
            Content = JsonContent.Create(new { basketId = new string('0', 32), email = "a@b.example", shippingAddress = new { name = "A", line1 = "Road 1", postalCode = "10115", city = "B", countryCode = "DE" } }),
        };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        var response = await shop.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal("Idempotency-Key", key is null ? problem.GetProperty("name").GetString() : Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task Bad_fields_are_all_named_at_once()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders")
        {
            Content = JsonContent.Create(new { basketId = "x", email = "nobody", shippingAddress = new { name = "", line1 = "Road 1", postalCode = "1", city = "B", countryCode = "Germany" } }),
        };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var response = await shop.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var errors = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().ToDictionary(e => e.Name, e => e.Value[0].GetString()!);
        Assert.Superset(new HashSet<string> { "basketId", "email", "shippingAddress.name", "shippingAddress.countryCode" }, errors.Keys.ToHashSet());
        Assert.Contains("field basketId must", errors["basketId"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_20_is_as_many_statements_as_a_list_of_one()
    {
        for (var i = 0; i < 20; i++) await shop.AddGoodsAsync(stock: 1, variants: 3);
        await shop.Client.GetStringAsync("/api/v1/products?limit=1");
        // Lists that nobody has asked for yet: what is cached is no statement at all.
        Assert.Equal(1, await CountAsync("/api/v1/products?limit=1&priceMin=1"));
        Assert.Equal(1, await CountAsync("/api/v1/products?limit=20&priceMin=2"));
    }

    [Fact]
    public async Task A_product_with_400_variants_is_a_handful_of_statements()
    {
        var variant = await shop.AddGoodsAsync(stock: 1, variants: 400);
        await using var db = shop.Open();
        var slug = db.Set<Variant>().Where(v => v.Id == variant).Select(v => v.Product.Slug).Single();
        Assert.InRange(await CountAsync($"/api/v1/products/{slug}"), 1, 5);
    }

    [Theory]
    [InlineData("featured")]
    [InlineData("price")]
    [InlineData("-price")]
    [InlineData("title")]
    [InlineData("newest")]
    public async Task Walking_the_pages_meets_every_product_once_in_order(string sort)
    {
        for (var i = 0; i < 5; i++) await shop.AddGoodsAsync(stock: 1);
        var all = Slugs(await PageAsync($"limit=100&sort={sort}"));
        var walked = new List<string>();
        string? cursor = null;
        do
        {
            var page = await PageAsync($"limit=2&sort={sort}{(cursor is null ? "" : $"&cursor={cursor}")}");
            walked.AddRange(Slugs(page));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(all, walked);
        Assert.Equal(walked.Distinct(), walked);
    }

    private async Task<JsonElement> PageAsync(string query) => await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products?{query}"));

    private static List<string> Slugs(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("slug").GetString()!)];

    private async Task<int> CountAsync(string path)
    {
        var before = shop.Statements.Count;
        await shop.Client.GetStringAsync(path);
        return shop.Statements.Count - before;
    }
}
