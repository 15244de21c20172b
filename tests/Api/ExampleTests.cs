using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tests.Api.Payments;

namespace Tests.Api;

/// <summary>
/// The examples of requests, sent as the document has them, in the order a shop would: only ids that the shop gives out itself are put in.
/// </summary>
public class ExampleTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private readonly HttpClient _shopper = shop.Guest();

    private static readonly JsonNode Document = CommittedDocument.Read();

    [Fact]
    public async Task A_product_is_written_with_the_examples()
    {
        await SendAsync("PUT /api/v1/admin/attributes/{key}", 404, ("key", "custom.paper"));
        var made = await SendAsync("POST /api/v1/admin/products", 201);
        await SendAsync("PUT /api/v1/admin/attributes/{key}", 200, ("key", "custom.paper"));
        (string, string) product = ("id", made.GetProperty("id").GetString()!);
        var sold = await SendAsync("POST /api/v1/admin/products/{id}/variants", 200, product);
        (string, string) variant = ("variantId", sold.GetProperty("variants")[0].GetProperty("id").GetString()!);
        await SendAsync("PUT /api/v1/admin/products/{id}/variants/{variantId}", 200, product, variant);
        await SendAsync("PUT /api/v1/admin/products/{id}/variants/{variantId}/terms", 200, product, variant);
        await SendAsync("PUT /api/v1/admin/products/{id}", 200, product);
        await SendAsync("PUT /api/v1/admin/products/{id}/options", 200, product);
        await SendAsync("PUT /api/v1/admin/products/{id}/publication", 200, product);
        var tide = (await ShopApi.OkAsync(shop.Admin.GetAsync("/api/v1/admin/products?search=tide"))).GetProperty("items").EnumerateArray().Single(p => p.GetProperty("slug").GetString() == "tide").GetProperty("id").GetString()!;
        var picture = (await ShopApi.OkAsync(shop.Admin.GetAsync($"/api/v1/admin/products/{tide}"))).GetProperty("pictures")[0].GetProperty("id").GetString();
        await SendAsync("PUT /api/v1/admin/products/{id}/pictures", 200, body => body["pictures"]![0]!["id"] = picture, ("id", tide));
        var collection = await SendAsync("POST /api/v1/admin/collections", 201);
        await SendAsync("PUT /api/v1/admin/collections/{id}", 200, ("id", collection.GetProperty("id").GetString()!));

        var location = await SendAsync("POST /api/v1/admin/stock/locations", 201);
        await SendAsync("PUT /api/v1/admin/stock/locations/{id}", 200, ("id", location.GetProperty("id").GetString()!));
        await SendAsync("POST /api/v1/admin/stock/{variantId}/adjustments", 200, variant);
        await SendAsync("PUT /api/v1/admin/stock/{variantId}/count", 200, variant);
        await SendAsync("POST /api/v1/admin/stock/{variantId}/transfers", 200, variant, ("toId", location.GetProperty("id").GetString()!));
        var bundle = await shop.AddGoodsAsync(0);
        await SendAsync("PUT /api/v1/admin/stock/{variantId}/bundle", 200, body => body["components"]![0]!["variantId"] = variant.Item2, ("variantId", bundle.ToString()));
    }

    [Fact]
    public async Task The_shop_is_set_up_with_the_examples()
    {
        await SendAsync("PUT /api/v1/admin/shipping-zones", 200);
        await SendAsync("PUT /api/v1/admin/vat-rates", 200);
        await SendAsync("PUT /api/v1/admin/shop-policy", 200);
        await SendAsync("PUT /api/v1/admin/currencies", 200);
        var endpoint = await SendAsync("POST /api/v1/admin/webhook-endpoints", 201);
        await SendAsync("PUT /api/v1/admin/webhook-endpoints/{id}", 200, ("id", endpoint.GetProperty("endpoint").GetProperty("id").GetString()!));
        await SendAsync("POST /api/v1/admin/api-keys", 201);
        var staff = await SendAsync("POST /api/v1/admin/accounts", 201);
        await SendAsync("PUT /api/v1/admin/accounts/{id}", 200, ("id", staff.GetProperty("account").GetProperty("id").GetString()!));
        await SendAsync("POST /api/v1/admin/reconciliation", 202);
        await SendAsync("POST /api/v1/admin/jobs/replays", 200);
        await SendAsync("POST /api/v1/admin/jobs/discards", 200);
    }

    [Fact]
    public async Task A_shopper_buys_and_staff_send_and_refund_with_the_examples()
    {
        var basket = await Purchase.FillBasketAsync(shop, shop.Tide);
        await SendAsync("PUT /api/v1/baskets/{id}/lines/{variantId}", 200, ("id", basket), ("variantId", shop.Tide.ToString()));
        await SendAsync("POST /api/v1/accounts", 201, ("basketId", basket));
        await SendAsync("POST /api/v1/session", 200, ("basketId", basket));
        await SendAsync("PUT /api/v1/account/password", 200);
        // The total the shopper expects is the one the shop comes to: a print, and standard delivery within Germany.
        await SendAsync("POST /api/v1/orders", 201, ("basketId", basket));

        var paid = await StaffDesk.PaidAsync(shop, shop.Tide);
        await SendAsync("POST /api/v1/admin/orders/{number}/refunds", 201, ("number", paid.Purchase.Number));
        var sent = await StaffDesk.PaidAsync(shop, shop.Tide);
        var parcel = await SendAsync("POST /api/v1/admin/orders/{number}/fulfilments", 201, ("number", sent.Purchase.Number));
        await SendAsync("PUT /api/v1/admin/orders/{number}/fulfilments/{fulfilmentId}/tracking", 200, ("number", sent.Purchase.Number), ("fulfilmentId", parcel.GetProperty("id").GetString()!));
        var unwanted = await StaffDesk.PaidAsync(shop, shop.Tide);
        await SendAsync("POST /api/v1/admin/orders/{number}/cancellation", 200, ("number", unwanted.Purchase.Number));
    }

    private Task<JsonElement> SendAsync(string operation, int status, params (string Name, string Value)[] ids) => SendAsync(operation, status, _ => { }, ids);

    /// <param name="ids">What stands in the path, and in the body where it has a member of that name.</param>
    private async Task<JsonElement> SendAsync(string operation, int status, Action<JsonNode> change, params (string Name, string Value)[] ids)
    {
        var (method, path) = (operation.Split(' ')[0], operation.Split(' ')[1]);
        var body = Document["paths"]![path]![method.ToLowerInvariant()]!["requestBody"]!["content"]!["application/json"]!["example"]!.DeepClone();
        change(body);
        foreach (var (name, value) in ids)
        {
            path = path.Replace($"{{{name}}}", value);
            if (body[name] is not null) body[name] = value;
        }
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        request.Headers.Add("If-Match", "*");
        var response = await (path.Contains("/admin/", StringComparison.Ordinal) ? shop.Admin : _shopper).SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{operation}: {(int)response.StatusCode} {text}\nsent: {body.ToJsonString()}");
        return JsonDocument.Parse(text).RootElement;
    }
}
