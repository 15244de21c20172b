using System.Text;
using Commerce;
using Commerce.Audit;
using Commerce.Baskets;
using Commerce.Catalog;
using Commerce.Catalog.Import;
using Commerce.Orders;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tests.Fixture;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Tests.Commerce;

/// <summary>The heart's services on a database of the test class's own, as a host would register them.</summary>
public sealed class TestShop(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly string _folder = TestFolders.CreatePrivate();
    private ShopDatabase? _database;
    private ServiceProvider? _services;

    public OrderDesk Desk => _services!.GetRequiredService<OrderDesk>();
    public string Folder => _folder;

    public async ValueTask InitializeAsync()
    {
        _database = new ShopDatabase(postgres);
        await _database.InitializeAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Media:Folder"] = Path.Combine(_folder, "media"),
            ["Stripe:SecretKey"] = "sk_test_unused",
            ["Stripe:WebhookSecret"] = "whsec_unused",
            ["Services:PublicUrl"] = "http://localhost",
        }).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddDbContextPool<ShopDb>(options => options.UseNpgsql(_database.ConnectionString, npgsql => npgsql.EnableRetryOnFailure()));
        services.AddCommerce(configuration).AddOrders(configuration);
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public AsyncServiceScope Scope() => _services!.CreateAsyncScope();

    public ShopDb Open() => _database!.Open();

    /// <summary>A second Api instance: an order desk of its own on the same database.</summary>
    public OrderDesk AnotherDesk() => ActivatorUtilities.CreateInstance<OrderDesk>(_services!);

    /// <summary>A product on sale with one variant.</summary>
    public async Task<Guid> AddVariantAsync(int stock, long priceMinor = 2500)
    {
        await using var db = Open();
        var now = DateTimeOffset.UtcNow;
        var slug = $"p-{Guid.NewGuid():N}";
        var product = new Product { Id = Guid.CreateVersion7(), Slug = slug, Title = slug, PublishedAt = now.AddMinutes(-1), CreatedAt = now, UpdatedAt = now };
        var variant = new Variant { Id = Guid.CreateVersion7(), ProductId = product.Id, Position = 1, Sku = slug };
        variant.SetPrice(priceMinor, null);
        product.Variants.Add(variant);
        product.Reprice();
        var item = new StockItem { Id = Guid.CreateVersion7(), VariantId = variant.Id, LocationId = Location.MainId };
        db.Add(product);
        db.Add(item);
        db.Count(item, stock, "test", now);
        await db.SaveChangesAsync();
        return variant.Id;
    }

    /// <summary>Imports a product CSV, whose pictures lie in <see cref="Folder"/>.</summary>
    public async Task<ImportReport> ImportAsync(byte[] csv)
    {
        var path = Path.Combine(Folder, $"{Guid.NewGuid():N}.csv");
        await File.WriteAllBytesAsync(path, csv);
        return await ImportAsync(path, Folder);
    }

    public async Task<ImportReport> ImportAsync(string path, string imagesFolder)
    {
        await using var scope = Scope();
        return await scope.ServiceProvider.GetRequiredService<CatalogImport>().RunAsync(path, imagesFolder, ImportOrigin.Command(Actor.System("test"), null, path), null, CancellationToken.None);
    }

    /// <summary>The shop as a product CSV; its pictures are written to the folder, unless there is none.</summary>
    public async Task<string> ExportAsync(string? imagesFolder = null)
    {
        await using var scope = Scope();
        using var target = new MemoryStream();
        await scope.ServiceProvider.GetRequiredService<CatalogExport>().WriteAsync(target, withStock: true, imagesFolder, null, CancellationToken.None);
        return Encoding.UTF8.GetString(target.ToArray());
    }

    public async Task<string> FillBasketAsync(params (Guid VariantId, int Quantity)[] lines)
    {
        await using var db = Open();
        var basket = (await db.OpenBasketAsync(DateTimeOffset.UtcNow, CancellationToken.None)).Value;
        foreach (var (variantId, quantity) in lines)
            Assert.Null((await db.SetQuantityAsync(basket.Id, variantId, quantity, DateTimeOffset.UtcNow, CancellationToken.None)).Refusal);
        return basket.Id;
    }

    public static PlaceOrder Wish(string basketId, string? key = null, Money? expected = null, string country = "DE") => new(
        key ?? Guid.NewGuid().ToString(), basketId, "ann@example.com",
        new Address { Name = "Ann", Line1 = "Road 1", PostalCode = "10115", City = "Berlin", CountryCode = country }, expected);

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        TestFolders.Delete(_folder);
    }
}
