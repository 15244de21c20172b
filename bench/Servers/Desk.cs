using Bench.Load;
using Bench.Measuring;
using Commerce;
using Commerce.Baskets;
using Commerce.Orders;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Bench.Servers;

/// <summary>Commerce's order desk in this process, registered as the Api registers it, and baskets of one hot item to bring to it.</summary>
internal sealed class Desk : IAsyncDisposable
{
    /// <summary>Baskets prepared per second of a turn: more than any desk places.</summary>
    private const int BasketsPerSecond = 20_000;

    private static readonly Address Home = new() { Name = "Ann", Line1 = "Street 1", PostalCode = "10115", City = "Berlin", CountryCode = "DE" };

    private readonly IHost _host;
    private readonly Shop _shop;
    private readonly OrderDesk _desk;
    private readonly string _model;
    private string _series = "";
    private int _prepared;
    private int _taken;

    private Desk(IHost host, Shop shop, string model) => (_host, _shop, _model, _desk) = (host, shop, model, host.Services.GetRequiredService<OrderDesk>());

    /// <param name="connectionString">How the desk reaches the shop's database.</param>
    public static async Task<Desk> OpenAsync(Shop shop, string connectionString)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:shop"] = connectionString,
            ["Stripe:SecretKey"] = "sk_test_bench",
            ["Stripe:WebhookSecret"] = Laboratory.WebhookSecret,
            ["Services:PublicUrl"] = "http://shop.example",
        });
        builder.AddNpgsqlDbContext<ShopDb>("shop", settings => (settings.ConnectionString, settings.DisableTracing, settings.DisableMetrics) = (ShopDb.Prepared(settings.ConnectionString), true, true));
        builder.Services.AddCommerce(builder.Configuration).AddOrders(builder.Configuration);
        var host = builder.Build();
        await using var db = shop.Open();
        var basket = (await db.OpenBasketAsync(DateTimeOffset.UtcNow, CancellationToken.None)).Value;
        var filled = await db.SetQuantityAsync(basket.Id, Shop.FirstVariant(1), 1, DateTimeOffset.UtcNow, CancellationToken.None);
        return filled.Refusal is { } refusal ? throw new InvalidOperationException($"The hot item cannot be bought: {refusal}") : new Desk(host, shop, basket.Id);
    }

    /// <summary>Fills as many baskets as a turn can use up.</summary>
    public async Task PrepareAsync(TimeSpan window)
    {
        (_prepared, _taken, _series) = ((int)(window.TotalSeconds * BasketsPerSecond), 0, Guid.NewGuid().ToString("N"));
        var (series, id) = ($"generate_series(1, {_prepared})", $"md5('{_series}' || i)");
        await _shop.CopyRowsAsync("baskets", $"r.id = '{_model}'", series, ("id", id));
        await _shop.CopyRowsAsync("basket_lines", $"r.basket_id = '{_model}'", series, ("basket_id", id));
        // Shoppers fill baskets one by one and long before: their rows are not what the server is still busy with when they order.
        await _shop.RunAsync("VACUUM ANALYZE baskets, basket_lines");
        await _shop.RunAsync("CHECKPOINT");
    }

    public Task<Work> RunAsync(int buyers, TimeSpan window) => ClosedLoop.RunAsync(buyers, window, async _ => await PlaceAsync());

    /// <summary>As <see cref="RunAsync"/>, with what the desk says of itself exported to a collector.</summary>
    public async Task<Work> RunObservedAsync(int buyers, TimeSpan window, Uri collector)
    {
        void Export(OtlpExporterOptions options, string signal) => (options.Protocol, options.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(collector, $"v1/{signal}"));
        using var tracing = Sdk.CreateTracerProviderBuilder().AddSource("Commerce", "Npgsql").AddOtlpExporter(options => Export(options, "traces")).Build();
        using var metrics = Sdk.CreateMeterProviderBuilder().AddMeter("Commerce", "Npgsql").AddOtlpExporter(options => Export(options, "metrics")).Build();
        return await RunAsync(buyers, window);
    }

    private async Task PlaceAsync()
    {
        var number = Interlocked.Increment(ref _taken);
        if (number > _prepared) throw new InvalidOperationException("Not enough baskets were prepared: raise BasketsPerSecond.");
        var basket = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes($"{_series}{number}")));
        var answer = await _desk.PlaceAsync(new PlaceOrder(Guid.NewGuid().ToString(), basket, "ann@example.com", Home, null), CancellationToken.None);
        if (answer.Refusal is { } refusal) throw new InvalidOperationException($"An order was refused: {refusal}");
    }

    public ValueTask DisposeAsync() => ((IAsyncDisposable)_host).DisposeAsync();
}
