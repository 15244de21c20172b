using System.Text.Json.Nodes;
using Local.Stripe.State;

namespace Local.Stripe.Shapes;

internal static class Shape
{
    public static long Unix(DateTimeOffset time) => time.ToUnixTimeSeconds();

    public static long? Unix(DateTimeOffset? time) => time?.ToUnixTimeSeconds();

    public static JsonObject Map(IReadOnlyDictionary<string, string> map)
    {
        var target = new JsonObject();
        foreach (var (key, value) in map)
            target[key] = value;
        return target;
    }

    public static JsonArray Array(params IEnumerable<string> values) => [.. values.Select(value => (JsonNode)value)];

    public static JsonObject List(string url, IEnumerable<JsonObject> data, bool hasMore) => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. data]),
        ["has_more"] = hasMore,
        ["url"] = url,
    };

    public static JsonObject? Shipping(ShippingRecord? shipping) => shipping is null ? null : new JsonObject
    {
        ["address"] = new JsonObject
        {
            ["city"] = shipping.City,
            ["country"] = shipping.Country,
            ["line1"] = shipping.Line1,
            ["line2"] = shipping.Line2,
            ["postal_code"] = shipping.PostalCode,
            ["state"] = shipping.State,
        },
        ["name"] = shipping.Name,
        ["phone"] = shipping.Phone,
    };

    public static JsonObject Address(CustomerDetails? customer) => new()
    {
        ["city"] = null,
        ["country"] = customer?.Country,
        ["line1"] = null,
        ["line2"] = null,
        ["postal_code"] = customer?.PostalCode,
        ["state"] = null,
    };
}
