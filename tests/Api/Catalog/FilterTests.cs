using System.Globalization;
using System.Text.Json;
using Commerce.Catalog;
using Commerce.Stock;
using Tests.Fixture;

namespace Tests.Api.Catalog;

/// <summary>Filters and facets over random products, held against the same questions asked of the objects in memory.</summary>
public class FilterTests(FilterTests.Assortment shop) : IClassFixture<FilterTests.Assortment>
{
    private static readonly string[] Filters =
    [
        "", "type=Print", "type=Print&type=Mug", "vendor=Ann", "tag=sea&tag=sky", "option=Size:A4", "option=Size:A4&option=Size:A3&option=Frame:Oak",
        "attribute=custom.paper:Cotton", "attribute=custom.height:10..20", "attribute=custom.height:..12", "priceMin=2000&priceMax=3000", "available=true", "available=false",
        "type=Print&tag=sea&option=Size:A4&available=true", "attribute=custom.paper:Cotton&attribute=custom.height:10..30&vendor=Ann&vendor=Ben", "type=Nothing", "tag=se'a%25",
    ];

    public static TheoryData<string> AllFilters => [.. Filters];

    [Theory, MemberData(nameof(AllFilters))]
    public async Task A_filter_lists_exactly_the_products_that_match(string filter)
    {
        var expected = shop.Products.Where(p => Groups(filter).All(g => g.Matches(p))).Select(p => p.Slug).Order();
        var listed = (await Json($"/api/v1/products?limit=100&{filter}")).GetProperty("items").EnumerateArray().Select(p => p.GetProperty("slug").GetString()!).Order();
        Assert.Equal(expected, listed);
    }

    [Theory, MemberData(nameof(AllFilters))]
    public async Task A_facet_counts_as_if_nothing_were_chosen_in_itself(string filter)
    {
        var groups = Groups(filter);
        var facets = await Json($"/api/v1/facets?{filter}");
        Assert.Equal(shop.Products.Count(p => groups.All(g => g.Matches(p))), facets.GetProperty("productCount").GetInt32());
        Assert.Equal(Others("availability").Count(p => p.Available), facets.GetProperty("availableCount").GetInt32());
        var prices = Others("price").Select(p => p.FromMinor).ToList();
        long? lowest = prices.Count == 0 ? null : prices.Min();
        long? told = facets.GetProperty("priceFrom") is { ValueKind: JsonValueKind.Object } from ? from.GetProperty("amountMinor").GetInt64() : null;
        Assert.Equal(lowest, told);

        var counted = facets.GetProperty("items").EnumerateArray().SelectMany(f => f.GetProperty("values").EnumerateArray()
            .Select(v => $"{Facet(f.GetProperty("kind").GetString()!, f.GetProperty("name").GetString()!)} {v.GetProperty("value")} {v.GetProperty("count")}"));
        var all = shop.Products.SelectMany(p => p.Values.Select(v => v.Facet)).Distinct();
        var expected = all.SelectMany(facet => Others(facet).SelectMany(p => p.Values.Where(v => v.Facet == facet).Distinct()).GroupBy(v => v.Value).Select(g => $"{facet} {g.Key} {g.Count()}"));
        Assert.Equal(expected.Order(), counted.Order());

        IEnumerable<Row> Others(string facet) => shop.Products.Where(p => groups.Where(g => g.Facet != facet).All(g => g.Matches(p)));
    }

    [Fact]
    public async Task Facets_are_one_statement_whatever_is_chosen()
    {
        await Json("/api/v1/facets");
        foreach (var filter in Filters)
        {
            var before = shop.Statements.Count;
            await Json($"/api/v1/facets?{filter}");
            Assert.InRange(shop.Statements.Count - before, 0, 1);
        }
    }

    private Task<JsonElement> Json(string path) => ShopApi.OkAsync(shop.Client.GetAsync(path));

    private static string Facet(string kind, string name) => name == "" ? kind : $"{kind}:{name}";

    private static List<Group> Groups(string filter) =>
    [
        .. filter.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)).Select(part => (Name: part[0], Value: Uri.UnescapeDataString(part[1])))
            .Select(part => part.Name is "option" or "attribute" ? (Facet: $"{part.Name}:{part.Value.Split(':')[0]}", Value: part.Value.Split(':')[1])
                : part.Name.StartsWith("price", StringComparison.Ordinal) ? (Facet: "price", Value: part.Name + part.Value)
                : part.Name == "available" ? (Facet: "availability", part.Value) : (Facet: part.Name, part.Value))
            .GroupBy(part => part.Facet).Select(g => new Group(g.Key, [.. g.Select(part => part.Value)])),
    ];

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Group(string Facet, List<string> Values)
    {
        public bool Matches(Row product) => Facet switch
        {
            "availability" => product.Available == bool.Parse(Values[0]),
            "price" => Values.All(v => v.StartsWith("priceMin", StringComparison.Ordinal) ? product.FromMinor >= Number(v[8..]) : product.FromMinor <= Number(v[8..])),
            _ => product.Values.Any(v => v.Facet == Facet && Values.Any(wanted => Is(v.Value, wanted))),
        };

        private static bool Is(string value, string wanted)
        {
            var ends = wanted.Split("..");
            return ends.Length == 2
                ? (ends[0] == "" || Number(value) >= Number(ends[0])) && (ends[1] == "" || Number(value) <= Number(ends[1]))
                : value == wanted;
        }
    }

    /// <summary>A product as the oracle sees it.</summary>
    public sealed record Row(string Slug, long FromMinor, bool Available, List<(string Facet, string Value)> Values);

    /// <summary>Sixty random products; the same ones in every run.</summary>
    public sealed class Assortment(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis)
    {
        private const int Seed = 1729;

        public List<Row> Products { get; } = [];

        protected override async Task FillAsync()
        {
            var random = new Random(Seed);
            await using var db = Open();
            db.AddRange(new AttributeDefinition { Key = "custom.paper", Label = "Paper" }, new AttributeDefinition { Key = "custom.height", Label = "Height", Type = AttributeType.Number });
            for (var i = 0; i < 60; i++)
            {
                var product = Random(i, random);
                db.Add(product);
                foreach (var item in product.Variants.SelectMany(v => v.Stock)) db.Count(item, random.Next(2), "test", product.CreatedAt);
                var available = product.Variants.Exists(v => v.Stock[0].OnHand > 0);
                Products.Add(new Row(product.Slug, product.ListPrices[0].FromMinor, available, Values(product)));
            }
            await db.SaveChangesAsync();
            Products.AddRange([new("tide", 2900, true, [("type", "Print")]), new("mug", 1950, true, [("type", "Print")])]);
        }

        private Product Random(int number, Random random)
        {
            string Of(params string[] values) => values[random.Next(values.Length)];
            var now = DateTimeOffset.UtcNow;
            var product = new Product
            {
                Id = Guid.CreateVersion7(),
                Slug = $"p-{number}",
                Title = $"P {number}",
                ProductType = Of("Print", "Mug", ""),
                Vendor = Of("Ann", "Ben"),
                Tags = [.. new[] { "sea", "sky", "se'a%" }.Where(_ => random.Next(2) == 0)],
                OptionNames = random.Next(2) == 0 ? ["Size", "Frame"] : ["Frame"],
                PublishedAt = now.AddMinutes(-1),
                CreatedAt = now,
            };
            void Attribute(string key, string value, decimal? number) =>
                product.Attributes.Add(new ProductAttribute { ProductId = product.Id, Key = key, Value = value, Number = number, Position = 1 });
            if (random.Next(2) == 0) Attribute("custom.paper", Of("Cotton", "Linen"), null);
            if (random.Next(2) == 0 && random.Next(5, 35) is var height) Attribute("custom.height", $"{height}", height);
            for (var i = 1; i <= 3; i++)
            {
                var variant = new Variant
                {
                    Id = Guid.CreateVersion7(),
                    ProductId = product.Id,
                    Position = i,
                    Options = [.. product.OptionNames.Select(n => n == "Size" ? Of("A4", "A3") : Of("Oak", "None"))],
                };
                variant.SetPrice(random.Next(10, 40) * 100, null);
                variant.Stock.Add(new StockItem { Id = Guid.CreateVersion7(), VariantId = variant.Id, LocationId = Location.MainId });
                product.Variants.Add(variant);
            }
            product.Reprice();
            return product;
        }

        private static List<(string Facet, string Value)> Values(Product product) =>
        [
            .. new[] { ("type", product.ProductType), ("vendor", product.Vendor) }.Where(v => v.Item2 != "")
                .Concat(product.Tags.Select(t => ("tag", t)))
                .Concat(product.Attributes.Select(a => ($"attribute:{a.Key}", a.Value)))
                .Concat(product.Variants.SelectMany(v => product.OptionNames.Zip(v.Options).Select(o => ($"option:{o.First}", o.Second)))).Distinct(),
        ];
    }
}
