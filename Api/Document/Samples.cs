using System.Text.Json.Nodes;
using Commerce;

namespace Api.Document;

/// <summary>
/// What stands in the examples, by the name of the property, or by record and property where a name means different things.
/// One story runs through all of them: Ann buys one print, "Tide", for 29.00 EUR and has it sent to Berlin for 4.90.
/// </summary>
internal static partial class Samples
{
    public const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Moment = "2026-11-02T09:30:00+00:00";
    private const string Later = "2026-11-02T09:31:12+00:00";
    public const string Id = "0199ab3c-7d10-7c3e-9d5a-2f60a1b7c8d9";
    private const string Order = "OG-7K3M-9QXT";
    private const string PictureHash = "9f2b5c0d7e1a48636b0f4c8d2e7a91350c6d8b4f1e2a73950d8c6b4a2f1e7d93";
    private const string RandomKey = "0f3a9c417be25d8860c1e7a4923bd5f6";

    // The standard rates of the whole union: a shop that sent fewer would be asked which countries are untaxed from now on.
    private const string Vat = "AT 20, BE 21, BG 20, CY 19, CZ 21, DE 19, DK 25, EE 24, ES 21, FI 25.5, FR 20, GR 24, HR 25, HU 27, IE 23, IT 22, LT 21, LU 17, LV 21, MT 18, NL 21, PL 23, PT 23, RO 21, SE 25, SI 22, SK 23";

    private static readonly Dictionary<string, JsonNode?> Shop = new()
    {
        // People and addresses
        ["email"] = "ann@example.com",
        ["StaffRequest.email"] = "jo@example.com",
        ["AccountView.email"] = "jo@example.com",
        ["password"] = "grain of the third print",
        ["currentPassword"] = "grain of the third print",
        ["newPassword"] = "grain of the fourth print",
        ["initialPassword"] = "k7Qw-2mZt-9RfB-xH4c",
        ["name"] = "Ann Öztürk",
        ["line1"] = "Karl-Marx-Allee 1",
        ["line2"] = "Second courtyard",
        ["postalCode"] = "10178",
        ["city"] = "Berlin",
        ["region"] = null, // Germany's mail needs none
        ["countryCode"] = "DE",
        ["role"] = "staff",
        ["SessionView.role"] = "shopper",
        ["scopes"] = "catalog:read",
        ["ApiKeyRequest.name"] = "Warehouse system",
        ["ApiKeyView.name"] = "Warehouse system",
        ["prefix"] = "og_5d1c7a90e3b2",
        ["NewApiKey.secret"] = "og_5d1c7a90e3b2_shown-this-once",
        ["revokedAt"] = null,

        // Catalogue
        ["sku"] = "TIDE-A3",
        ["slug"] = "tide",
        ["ProductRequest.slug"] = "tide-print",
        ["productSlug"] = "tide",
        ["title"] = "Tide",
        ["variantTitle"] = "A3",
        ["VariantView.title"] = "A3",
        ["descriptionHtml"] = "<p>Waves that never repeat, drawn by a seed.</p>",
        ["description"] = "Prints of the sea, drawn by code.",
        ["vendor"] = "Oddgrain",
        ["productType"] = "Print",
        ["tags"] = "sea",
        ["optionNames"] = "Size",
        ["OptionRequest.name"] = "Format",
        ["OptionRequest.from"] = "Size",
        ["OptionRequest.value"] = null, // only a new option has one
        ["ProductOption.name"] = "Size",
        ["ProductOption.values"] = "A3",
        ["StaffVariant.options"] = "A3",
        ["VariantView.options"] = "A3",
        ["VariantRequest.options"] = "A3",
        ["VariantRequest.pictureId"] = null,
        ["seoTitle"] = "Tide, a generative print",
        ["seoDescription"] = "A print of waves in A3, on cotton paper.",
        ["attributes"] = new JsonObject { ["custom.paper"] = new JsonArray("Cotton rag") },
        ["Seo.title"] = "Tide, a generative print",
        ["Seo.description"] = "A print of waves in A3, on cotton paper.",
        ["ProductDetail.attributes"] = new JsonArray(new JsonObject { ["key"] = "custom.paper", ["label"] = "Paper", ["type"] = "text", ["values"] = new JsonArray("Cotton rag") }),
        ["label"] = "Paper",
        ["StaffAttribute.key"] = "custom.paper",
        ["filterable"] = true,
        ["Facet.kind"] = "attribute",
        ["Facet.name"] = "custom.paper",
        ["FacetValue.value"] = "Cotton rag",
        ["StaffRule.value"] = "sea",
        ["CollectionLink.title"] = "Sea",
        ["CollectionLink.slug"] = "sea",
        ["CollectionView.title"] = "Sea",
        ["CollectionView.slug"] = "sea",
        ["CollectionRequest.title"] = "Sea",
        ["CollectionRequest.slug"] = "sea",
        ["StaffCollection.title"] = "Sea",
        ["StaffCollection.slug"] = "sea",
        ["StaffCollectionLine.title"] = "Sea",
        ["StaffCollectionLine.slug"] = "sea",
        ["CollectionView.seo"] = new JsonObject { ["title"] = "Prints of the sea", ["description"] = "Generative prints of waves and tides." },
        ["CollectionRequest.seoTitle"] = "Prints of the sea",
        ["CollectionRequest.seoDescription"] = "Generative prints of waves and tides.",
        ["StaffCollection.seoTitle"] = "Prints of the sea",
        ["StaffCollection.seoDescription"] = "Generative prints of waves and tides.",
        ["isByRule"] = true,
        ["barcode"] = "4006381333931",
        ["weightGrams"] = 120,
        ["alt"] = "Waves of ink on paper",
        ["hash"] = PictureHash,
        ["width"] = 1600,
        ["height"] = 2000,
        ["state"] = "done",
        ["StaffProductLine.state"] = "on-sale",
        ["archivedAt"] = null,
        ["fileName"] = "products.csv",
        ["line"] = 7,
        ["column"] = "Variant Price",
        ["ImportProblem.reason"] = "'free' is no price.",
        ["ImportView.percent"] = 100,
        ["ImportLine.percent"] = 100,
        ["startedBy"] = "staff@example.com",
        ["updated"] = 0,
        ["unchanged"] = 0,
        ["encoding"] = "UTF-8",
        ["failure"] = null,
        ["movedTo"] = "/products/tide",

        // Money
        ["currency"] = "EUR",
        ["CurrenciesRequest.items"] = "EUR",
        ["CurrencyList.items"] = "EUR",
        ["amountMinor"] = 2900,
        ["compareAtMinor"] = 3500,
        ["compareAt"] = Euro(3500),
        ["compareAtFrom"] = Euro(3500),
        ["total"] = Euro(3390),
        ["expectedTotal"] = Euro(3390),
        ["captured"] = Euro(3390),
        ["OrderView.paid"] = Euro(3390),
        ["refunded"] = Euro(2900),
        ["refundable"] = Euro(490),
        ["shipping"] = Euro(490),
        ["ShippingQuote.price"] = Euro(490),
        ["taxIncluded"] = Euro(541),
        ["tax"] = Euro(463),
        ["net"] = Euro(2437),
        ["PaymentMovementView.amount"] = Euro(3390),
        ["pricesIncludeTax"] = true,
        ["taxClass"] = "standard",
        ["percent"] = 19,
        ["vatPercent"] = 19,
        ["VatRatesRequest.items"] = new JsonArray([.. Vat.Split(", ").Select(Rate)]),
        ["untaxed"] = null,
        ["ZoneList.untaxed"] = new JsonArray(),

        // Baskets, orders and delivery
        ["basketId"] = RandomKey,
        ["BasketView.id"] = RandomKey,
        ["CustomerOrder.key"] = RandomKey,
        ["OrderView.key"] = RandomKey,
        ["available"] = true,
        ["StaffProductLine.available"] = 24,
        ["StockLevel.available"] = 24,
        ["obstacle"] = null,
        ["stockLeft"] = null,
        ["maxQuantity"] = 10,
        ["number"] = Order,
        ["orderNumber"] = Order,
        ["fulfilmentStatus"] = "fulfilled",
        ["paymentStatus"] = "paid",
        ["status"] = "paid",
        ["fulfilled"] = 1,
        ["unsent"] = 0,
        ["cancelled"] = 0,
        ["returned"] = 1,
        ["closedAt"] = null,
        ["paidAt"] = Later,
        ["reservedUntil"] = "2026-11-02T10:00:00+00:00",
        ["sentAt"] = "2026-11-03T08:00:00+00:00",
        ["code"] = "standard",
        ["ShippingZoneRequest.code"] = "domestic",
        ["ShippingZoneRequest.title"] = "Germany",
        ["ZoneSheet.code"] = "domestic",
        ["ZoneSheet.title"] = "Germany",
        ["countries"] = "DE",
        ["shippingCode"] = "standard",
        ["ShippingMethodView.title"] = "Standard delivery",
        ["ShippingCountry.countryCode"] = "CA",
        ["ShippingCountry.postalCodeExample"] = "K1A 0B1",
        ["ShippingCountry.postalCodePattern"] = @"^(?:[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d)$",
        ["ShippingCountry.regions"] = "ON",
        ["ShippingQuote.title"] = "Standard delivery",
        ["ShippingRateRequest.title"] = "Standard delivery",
        ["RateSheet.title"] = "Standard delivery",
        ["priceMinor"] = 490,
        ["freeFromMinor"] = 7500,
        ["minWeightGrams"] = 0,
        ["maxWeightGrams"] = 10_000,
        ["minSubtotalMinor"] = 0,
        ["maxSubtotalMinor"] = null,
        ["carrier"] = "DHL",
        ["trackingNumber"] = "00340434161094042557",
        ["trackingUrl"] = "https://example.com/track/00340434161094042557",
    };

    private static readonly Dictionary<string, JsonNode?> Values = Shop.Concat(Office()).ToDictionary();

    /// <summary>By format, for names nobody has written down.</summary>
    private static readonly Dictionary<string, string> Formats = new() { ["uuid"] = Id, ["date-time"] = Moment };

    public static bool TryFind(string record, string property, out JsonNode? sample)
    {
        var found = Values.TryGetValue($"{record}.{property}", out sample) || Values.TryGetValue(property, out sample);
        sample = sample?.DeepClone();
        return found;
    }

    public static string? OfFormat(string? format) => format is null ? null : Formats.GetValueOrDefault(format);

    private static JsonObject Euro(long minor) => new() { ["amountMinor"] = minor, ["currency"] = Money.ShopCurrency };

    private static JsonNode Rate(string rate) =>
        new JsonObject { ["countryCode"] = rate[..2], ["taxClass"] = "standard", ["percent"] = decimal.Parse(rate[3..], System.Globalization.CultureInfo.InvariantCulture) };
}
