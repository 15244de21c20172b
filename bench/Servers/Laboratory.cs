using Local.Postgres;

namespace Bench.Servers;

/// <summary>The servers of one run: PostgreSQL with fsync on, Redis, and the folder all of them share. What it starts ends with it.</summary>
internal sealed class Laboratory : IAsyncDisposable
{
    /// <summary>The yardstick for stock has one connection per buyer.</summary>
    private const int Connections = 1400;

    public const string WebhookSecret = "whsec_bench";

    private readonly EmbeddedPostgres _postgres;
    private readonly string _password = Guid.NewGuid().ToString("N");
    private readonly Dictionary<(int Products, string Name), Shop> _shops = [];
    private readonly Dictionary<string, (Child Server, string ConnectionString)> _redis = [];
    private readonly List<IAsyncDisposable> _started = [];
    private Child? _collector;

    private Laboratory(string folder, EmbeddedPostgres postgres) => (Folder, _postgres) = (folder, postgres);

    public string Folder { get; }

    public int PostgresId => _postgres.ProcessId;

    public static async Task<Laboratory> StartAsync(string data)
    {
        var folder = Directory.CreateDirectory(Path.Combine(data, $"oddgrain-bench-{Environment.ProcessId}")).FullName;
        var options = new PostgresOptions
        {
            Port = Child.FreePort(),
            DataFolder = Path.Combine(folder, "postgres"),
            BinariesFolder = Packages(),
            Password = Guid.NewGuid().ToString("N"),
            Database = "empty",
            MaxConnections = Connections,
        };
        return new Laboratory(folder, await EmbeddedPostgres.StartAsync(options, _ => { }, CancellationToken.None));
    }

    /// <summary>A shop with so many products, made at its first use. Whoever runs workers takes one of their own, as workers take every job of their database.</summary>
    public async Task<Shop> ShopAsync(int products, string name = "shop")
    {
        if (!_shops.TryGetValue((products, name), out var shop))
            _shops[(products, name)] = shop = await Shop.CreateAsync(_postgres.ConnectionStringTo("postgres"), name, products);
        return shop;
    }

    /// <summary>Where a Redis listens, in StackExchange.Redis's format, and its process; started at its first use.</summary>
    public async Task<(Child Server, string ConnectionString)> RedisAsync(string name = "redis")
    {
        if (_redis.TryGetValue(name, out var running)) return running;
        var port = Child.FreePort();
        var server = await StartAsync("redis", "Local.Redis", [],
            ("Redis__Port", $"{port}"), ("Redis__DataFolder", Path.Combine(Folder, $"redis-{port}")), ("Redis__Password", _password));
        using var http = new HttpClient { BaseAddress = server.Address };
        while (!(await http.GetAsync("/health")).IsSuccessStatusCode) await Task.Delay(100);
        return _redis[name] = (server, $"127.0.0.1:{port},password={_password}");
    }

    /// <summary>The settings that a service with telemetry on has more: everything is exported to a collector that throws it away.</summary>
    public async Task<(string, string)[]> TelemetryAsync() =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", (await CollectorAsync()).ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")];

    /// <summary>Where telemetry goes.</summary>
    public async Task<Uri> CollectorAsync() => (_collector ??= await StartAsync("collector", "Bench", ["serve"])).Address;

    /// <summary>The Api as it ships, on a shop.</summary>
    public async Task<Child> StartApiAsync(Shop shop, params IEnumerable<(string, string)> more) =>
        await StartAsync("api", "Api", [], [.. await ServiceAsync(shop.ConnectionString, shop.Name), .. more]);

    /// <summary>A child that ends with this run.</summary>
    public async Task<Child> StartAsync(string name, string assembly, string[] words, params IEnumerable<(string, string)> settings) =>
        Keep(await Child.StartAsync(name, assembly, Folder, words, 0, settings));

    /// <summary>What every service of the shop is told.</summary>
    public async Task<(string, string)[]> ServiceAsync(string shop, string redis = "redis") =>
    [
        ("ConnectionStrings__shop", shop), ("ConnectionStrings__redis", (await RedisAsync(redis)).ConnectionString),
        ("Stripe__SecretKey", "sk_test_bench"), ("Stripe__WebhookSecret", WebhookSecret), ("Stripe__ApiBase", "http://127.0.0.1:9"),
        ("Services__PublicUrl", "http://shop.example"), ("Media__Folder", Path.Combine(Folder, "media")),
    ];

    /// <summary>Ends with this run too.</summary>
    public T Keep<T>(T thing) where T : IAsyncDisposable
    {
        _started.Add(thing);
        return thing;
    }

    /// <summary>Ends everything but PostgreSQL itself, so that the next bench finds the machine as the first did.</summary>
    public async Task ClearAsync()
    {
        foreach (var thing in Enumerable.Reverse(_started)) await thing.DisposeAsync();
        foreach (var shop in _shops.Values) await shop.DisposeAsync();
        _started.Clear();
        _shops.Clear();
        _redis.Clear();
        _collector = null;
    }

    public async ValueTask DisposeAsync()
    {
        await ClearAsync();
        await _postgres.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    // Where the AppHost and the tests keep PostgreSQL's programs, so that a machine fetches them once.
    private static string Packages()
    {
        if (Environment.GetEnvironmentVariable("Local__PackagesFolder") is { Length: > 0 } set) return set;
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()) return "/var/lib/oddgrain/packages";
        var clone = new DirectoryInfo(AppContext.BaseDirectory);
        while (clone is not null && !File.Exists(Path.Combine(clone.FullName, "Aspire.sln"))) clone = clone.Parent;
        return Path.Combine(clone?.FullName ?? AppContext.BaseDirectory, ".local", "packages");
    }
}
