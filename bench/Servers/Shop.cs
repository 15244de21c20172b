using System.Globalization;
using Commerce;
using Commerce.Catalog;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Bench.Servers;

/// <summary>
/// A database with a catalogue of a chosen size. One product is made by Commerce's own code; the others are copies of its rows inside
/// PostgreSQL, so that whatever columns the tables have, they are filled as the shop fills them.
/// </summary>
internal sealed class Shop : IAsyncDisposable
{
    public const int Variants = 4;
    private const int Images = 3;
    private const int Stock = 1_000_000;
    public const string SlugPrefix = "bench-";
    private const string Model = "bench-0";

    /// <summary>Slug of the collection that every product is in.</summary>
    public const string Collection = Model;

    /// <summary>Of a time long gone: what a recording finds younger than the run was made by the run.</summary>
    private const string IdSql = "('01920000-0000-7{0}-8000-' || lpad(to_hex({1}), 12, '0'))::uuid";

    private readonly string _server;

    private Shop(string server, string name, int products)
    {
        (_server, Name) = (server, $"{name}_{products}");
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = Name }.ConnectionString;
        Source = NpgsqlDataSource.Create(ConnectionString);
        Products = products;
    }

    public string Name { get; }

    public string ConnectionString { get; }
    public int Products { get; }
    public NpgsqlDataSource Source { get; }

    public ShopDb Open() => ShopDb.Open(Source);

    /// <summary>Slug of a product, from 1.</summary>
    public static string Slug(int product) => $"{SlugPrefix}{product}";

    /// <summary>Id of a product's first variant.</summary>
    public static Guid FirstVariant(int product) => new($"01920000-0000-7002-8000-{product * Variants + 1:x12}");

    /// <summary>Whether an id belongs to a product: its own, or one of its variants', stock items' or pictures'.</summary>
    public static bool IsOf(Guid id, int product) =>
        id.ToString() is var text && text.StartsWith("01920000-0000-700", StringComparison.Ordinal) && text[17] is >= '1' and <= '4'
        && (PerProduct(text[17]) is var many && Number(text) is var number && (many == 1 ? number == product : (number - 1) / many == product));

    /// <summary>The id of the other product's counterpart.</summary>
    public static Guid Moved(Guid id, int from, int to) =>
        id.ToString() is var text ? new Guid($"{text[..24]}{Number(text) + (to - from) * PerProduct(text[17]):x12}") : id;

    public static async Task<Shop> CreateAsync(string server, string name, int products)
    {
        var shop = new Shop(server, name, products);
        await AskServerAsync(server, $"CREATE DATABASE {shop.Name}");
        await using (var db = shop.Open()) await db.Database.MigrateAsync();
        await shop.AddModelAsync();
        await shop.CopyModelAsync();
        return shop;
    }

    /// <summary>Runs SQL to its end, however long it takes.</summary>
    public async Task RunAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ReadAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Copies a table's rows once per number of a series (as <c>i</c>), all columns alike but those named here.</summary>
    public async Task CopyRowsAsync(string table, string where, string series, params (string Column, string Sql)[] but)
    {
        var columns = new List<string>();
        await using (var command = Source.CreateCommand(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' AND is_identity = 'NO' ORDER BY ordinal_position"))
        {
            command.Parameters.Add(new() { Value = table });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) columns.Add(reader.GetString(0));
        }
        var values = columns.Select(column => Array.Find(but, b => b.Column == column).Sql ?? $"r.\"{column}\"");
        // Without triggers, which would note a change of the catalogue for every row, and check foreign keys that are right by construction.
        await RunAsync($"SET session_replication_role = replica; INSERT INTO {table} ({string.Join(", ", columns.Select(c => $"\"{c}\""))}) SELECT {string.Join(", ", values)} FROM {table} r, {series} AS i WHERE {where}; SET session_replication_role = DEFAULT");
    }

    private static int PerProduct(char kind) => kind switch { '1' => 1, '4' => Images, _ => Variants };

    private static long Number(string id) => long.Parse(id.AsSpan(24), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private async Task AddModelAsync()
    {
        await using var db = Open();
        var now = DateTimeOffset.UtcNow.AddDays(-1);
        var product = new Product
        {
            Id = new("01920000-0000-7001-8000-000000000000"),
            Slug = Model,
            Title = "Tide, an etching in four sizes",
            DescriptionHtml = "<p>" + string.Join("</p><p>", Enumerable.Repeat("Printed on heavy cotton paper with pigments that keep their colour for a hundred years, and signed by hand.", 6)) + "</p>",
            Vendor = "Oddgrain",
            ProductType = "Print",
            Tags = ["etching", "paper", "blue"],
            OptionNames = ["Size"],
            SeoTitle = "Tide",
            SeoDescription = "An etching of the sea.",
            PublishedAt = now,
            CreatedAt = now,
            UpdatedAt = now,
        };
        for (var i = 1; i <= Variants; i++)
        {
            var variant = new Variant { Id = new($"01920000-0000-7002-8000-{i:x12}"), ProductId = product.Id, Position = i, Sku = $"{Model}-{i}", Options = [$"A{i}"] };
            variant.SetPrice(2900 + 500 * i, 4900 + 500 * i);
            var item = new StockItem { Id = new($"01920000-0000-7003-8000-{i:x12}"), VariantId = variant.Id, LocationId = Location.MainId };
            variant.Stock.Add(item);
            product.Variants.Add(variant);
        }
        for (var i = 1; i <= Images; i++)
            product.Images.Add(new ProductImage { Id = new($"01920000-0000-7004-8000-{i:x12}"), ProductId = product.Id, Position = i, Hash = new string((char)('a' + i), 64), Alt = "Tide", Width = 2400, Height = 3000, Source = $"{i}.png" });
        product.Reprice();
        var collection = new Commerce.Catalog.Collection { Id = new("01920000-0000-7005-8000-000000000000"), Slug = Model, Title = "Prints" };
        collection.Products.Add(new CollectionProduct { CollectionId = collection.Id, ProductId = product.Id });
        db.Add(product);
        db.Add(collection);
        await db.SaveChangesAsync();
        await RunAsync($"""
            UPDATE stock_items SET on_hand = {Stock};
            INSERT INTO stock_movements (stock_item_id, kind, on_hand_change, reserved_change, at) SELECT id, 'Received', {Stock}, 0, now() FROM stock_items
            """);
    }

    private async Task CopyModelAsync()
    {
        var series = $"generate_series(1, {Products})";
        string Id(string kind, string number) => string.Format(CultureInfo.InvariantCulture, IdSql, kind, number);
        string Shifted(string kind, string column, int perProduct) => Id(kind, $"i::bigint * {perProduct} + ('x' || right(r.{column}::text, 12))::bit(48)::bigint");
        const string model = "r.product_id = '01920000-0000-7001-8000-000000000000'";
        const string variants = "r.variant_id::text LIKE '01920000-0000-7002-8000-%'";

        await CopyRowsAsync("products", $"r.slug = '{Model}'", series, ("id", Id("001", "i")), ("slug", "'bench-' || i"), ("title", "'Tide no. ' || i"), ("featured_rank", "i"));
        await CopyRowsAsync("product_images", model, series, ("id", Shifted("004", "id", Images)), ("product_id", Id("001", "i")));
        await CopyRowsAsync("list_prices", model, series, ("product_id", Id("001", "i")));
        await CopyRowsAsync("variants", model, series, ("id", Shifted("002", "id", Variants)), ("product_id", Id("001", "i")), ("sku", "'bench-' || i || '-' || r.position"));
        await CopyRowsAsync("prices", variants, series, ("variant_id", Shifted("002", "variant_id", Variants)));
        await CopyRowsAsync("stock_items", variants, series, ("id", Shifted("003", "id", Variants)), ("variant_id", Shifted("002", "variant_id", Variants)));
        await CopyRowsAsync("stock_movements", "r.stock_item_id::text LIKE '01920000-0000-7003-8000-%'", series, ("stock_item_id", Shifted("003", "stock_item_id", Variants)));
        await CopyRowsAsync("collection_products", model, series, ("product_id", Id("001", "i")));
        await RunAsync("ANALYZE");
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await AskServerAsync(_server, $"DROP DATABASE {Name} WITH (FORCE)");
    }

    private static async Task AskServerAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
