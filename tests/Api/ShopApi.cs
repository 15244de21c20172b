using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Api.Baskets;
using Commerce;
using Commerce.Accounts;
using Commerce.Payments;
using Local.Stripe;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Tests.Fixture;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace Tests.Api;

/// <summary>The Api over real HTTP, on a database of the test class's own, with the Stripe emulator in this process. No worker: tests run the jobs themselves.</summary>
public partial class ShopApi(PostgresFixture postgres, RedisFixture redis) : IAsyncLifetime
{
    private readonly string _folder = TestFolders.CreatePrivate();
    private readonly int _port = TestFolders.FreePort();
    private readonly List<WebApplicationFactory<BasketLineRequest>> _others = [];
    private readonly RedisDatabase _redis = new(redis);
    private ShopDatabase? _database;
    private WebApplication? _stripe;
    private string _stripeUrl = "";
    private WebApplicationFactory<BasketLineRequest>? _api;

    /// <summary>Connections of a process of the Api: several of them share a server of 200.</summary>
    private const int PoolOfProcess = 30;

    public const string Password = "grain of the third print";

    /// <summary>A guest.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Signed in as <c>staff@shop.test</c>.</summary>
    public HttpClient Staff { get; private set; } = null!;

    /// <summary>Signed in as <c>admin@shop.test</c>.</summary>
    public HttpClient Admin { get; private set; } = null!;

    public HttpClient Stripe { get; private set; } = null!;

    /// <summary>The connection string of this shop's Redis.</summary>
    public string RedisAddress => Redis(_redis.ConnectionString);

    public StatementCounter Statements { get; } = new();
    public Guid Tide { get; private set; }
    public Guid Mug { get; private set; }

    /// <summary>How long orders keep their stock here.</summary>
    protected virtual TimeSpan HoldTime => TimeSpan.FromMinutes(30);

    /// <summary>Whether the shop takes the money when it is paid.</summary>
    protected virtual CaptureMode Capture => CaptureMode.Automatic;

    /// <summary>What else Stripe is told about the shop's account.</summary>
    protected virtual IReadOnlyList<string> StripeSettings => [];

    /// <summary>What else the shop has before the Api starts.</summary>
    protected virtual Task FillAsync() => Task.CompletedTask;

    /// <summary>What else the Api is told.</summary>
    protected virtual IReadOnlyDictionary<string, string> MoreSettings { get; } = new Dictionary<string, string>();

    /// <summary>What else the Api here is made of.</summary>
    protected virtual void Configure(IServiceCollection services)
    {
    }

    /// <summary>What the Api is told about its database.</summary>
    protected virtual string Connection(string real) => real;

    /// <summary>What the Api is told about its Redis.</summary>
    protected virtual string Redis(string real) => real;

    public async ValueTask InitializeAsync()
    {
        _database = new ShopDatabase(postgres);
        await _database.InitializeAsync();
        await _redis.InitializeAsync();
        (Tide, Mug) = (await Goods.AddAsync(_database, "tide", 100_000, 2900), await Goods.AddAsync(_database, "mug", 1, 1950));
        await FillAsync();

        _stripe = StripeEmulator.Build(["--urls", "http://127.0.0.1:0", "--Stripe:DataFolder", Path.Combine(_folder, "stripe"), "--Logging:LogLevel:Default", "Error",
            "--Stripe:WebhookUrl", $"http://127.0.0.1:{_port}/webhooks/stripe", "--Stripe:WebhookSecret", "whsec_test", .. StripeSettings]);
        await _stripe.StartAsync();
        var stripeUrl = _stripe.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Stripe = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(stripeUrl) };

        _stripeUrl = stripeUrl;
        _api = Start(_port, Redis(_redis.ConnectionString));
        Client = Guest();
        (Staff, Admin) = (Guest(), Guest());
        foreach (var client in (HttpClient[])[Staff, Admin]) client.DefaultRequestHeaders.Add("X-Reason", "because");
        if (Connection("") != "" || Redis("") != "") return; // without them nobody can be signed in
        await SignInAsync(Staff, "staff@shop.test", AccountRole.Staff);
        await SignInAsync(Admin, "admin@shop.test", AccountRole.Admin);
    }

    /// <summary>A second instance of the Api on the same database, and on the same Redis and settings unless told otherwise; where it listens.</summary>
    public Uri AnotherInstance(string? redis = null, IInterceptor? statements = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var port = TestFolders.FreePort();
        _others.Add(Start(port, redis ?? Redis(_redis.ConnectionString), statements, settings));
        return new Uri($"http://127.0.0.1:{port}");
    }

    /// <summary>Redis forgets everything it holds for this shop.</summary>
    public Task LoseRedisAsync() => _redis.FlushAsync();

    /// <summary>The Api as it ships, in a process of its own beside the one here; ready when this returns.</summary>
    /// <param name="port">Where it listens; null: anywhere free.</param>
    /// <param name="database">How it reaches the database; null: as everybody does.</param>
    internal Task<ApiProcess> StartProcessAsync(int? port = null, string? database = null)
    {
        var connection = new NpgsqlConnectionStringBuilder(database ?? Connection(_database!.ConnectionString)) { MaxPoolSize = PoolOfProcess };
        return ApiProcess.StartAsync(port ?? TestFolders.FreePort(), new Dictionary<string, string>(Settings(Redis(_redis.ConnectionString))) { ["ConnectionStrings:shop"] = connection.ConnectionString });
    }

    /// <summary>Where PostgreSQL listens, for a relay in front of it.</summary>
    internal NpgsqlConnectionStringBuilder DatabaseAddress => new(_database!.ConnectionString);

    private Dictionary<string, string> Settings(string redis, IReadOnlyDictionary<string, string>? more = null) => new(more ?? MoreSettings)
    {
        ["ConnectionStrings:shop"] = Connection(_database!.ConnectionString),
        ["ConnectionStrings:redis"] = redis,
        ["Stripe:ApiBase"] = _stripeUrl,
        ["Stripe:SecretKey"] = "sk_test_1",
        ["Stripe:WebhookSecret"] = "whsec_test",
        ["Stripe:Capture"] = Capture.ToString(),
        ["Services:PublicUrl"] = "http://shop.test",
        ["Media:Folder"] = Path.Combine(_folder, "media"),
        ["Orders:HoldTime"] = HoldTime.ToString(),
        // A busy machine is slow, not broken: the bounds of the cache are for production.
        ["Catalog:Cache:LoadTime"] = "00:00:30",
        ["Catalog:Cache:Patience"] = "00:00:10",
    };

    private WebApplicationFactory<BasketLineRequest> Start(int port, string redis, IInterceptor? statements = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var api = new WebApplicationFactory<BasketLineRequest>().WithWebHostBuilder(host => Settings(redis, settings).Aggregate(host, (h, setting) => h.UseSetting(setting.Key, setting.Value))
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Critical))
            .ConfigureServices(services =>
            {
                foreach (var relay in services.Where(s => s.ImplementationType?.Name == "JobRelay").ToList()) services.Remove(relay);
                services.ConfigureDbContext<ShopDb>(options => options.AddInterceptors(statements ?? Statements)
                    .ConfigureWarnings(warnings => warnings.Throw(CoreEventId.FirstWithoutOrderByAndFilterWarning, CoreEventId.RowLimitingOperationWithoutOrderByWarning, RelationalEventId.MultipleCollectionIncludeWarning)));
                Configure(services);
            }));
        api.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        api.StartServer();
        return api;
    }

    /// <summary>Another browser: cookies of its own.</summary>
    /// <param name="instance">Of which instance; null: of the one here.</param>
    /// <param name="how">How it treats cookies and redirects, where that matters.</param>
    public HttpClient Guest(Uri? instance = null, HttpClientHandler? how = null) =>
        new(new DocumentedAnswers(how)) { BaseAddress = instance ?? new Uri($"http://127.0.0.1:{_port}") };

    /// <summary>A program that shows the cookies it is told to, and keeps none.</summary>
    public HttpClient WithoutCookies(Uri? instance = null) => Guest(instance, new HttpClientHandler { UseCookies = false });

    /// <summary>Opens an account with <see cref="Password"/> and signs the browser in.</summary>
    public async Task SignInAsync(HttpClient browser, string email, AccountRole role = AccountRole.Shopper)
    {
        await using (var scope = _api!.Services.CreateAsyncScope())
            Assert.Null((await scope.ServiceProvider.GetRequiredService<AccountDesk>().RegisterAsync(email, Password, role)).Refusal);
        await OkAsync(browser.PostAsJsonAsync("/api/v1/session", new { email, password = Password }));
    }

    public ShopDb Open() => _database!.Open();

    public Task<Guid> AddGoodsAsync(int stock, int variants = 1) => Goods.AddAsync(_database!, $"p-{Guid.NewGuid():N}", stock, 2500, variants);

    public GatewayPipeline Gateway => _api!.Services.GetRequiredService<GatewayPipeline>();

    /// <summary>Calls a verb of Commerce as a job would.</summary>
    public async Task InScopeAsync<T>(Func<T, Task> act) where T : notnull
    {
        await using var scope = _api!.Services.CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<T>());
    }

    /// <summary>Waits until the webhook's event has come in.</summary>
    public async Task EventAsync(string sessionId, string type)
    {
        for (var i = 0; i < 200; i++, await Task.Delay(50))
        {
            await using var db = Open();
            if (await db.StripeEvents.AnyAsync(e => e.ObjectId == sessionId && e.Type == type)) return;
        }
        Assert.Fail($"No {type} came for {sessionId}.");
    }

    /// <summary>Waits until an event about a payment has come in, whatever object of it the event is about.</summary>
    public async Task WaitForEventAsync(string type, string intentId)
    {
        for (var i = 0; i < 200; i++, await Task.Delay(50))
        {
            await using var db = Open();
            if (await db.StripeEvents.AnyAsync(e => e.Type == type && e.Payload.Contains(intentId))) return;
        }
        Assert.Fail($"No {type} came for {intentId}.");
    }

    /// <summary>The card's holder charges a payment back; the event about it has come in then.</summary>
    public async Task ChargeBackAsync(string intentId)
    {
        await OkAsync(Stripe.PostAsync($"/_emulator/payment_intents/{intentId}/dispute", null));
        await WaitForEventAsync("charge.dispute.created", intentId);
    }

    /// <summary>The bank decides the dispute about a payment; the event about it has come in then.</summary>
    /// <param name="intentId">The payment's.</param>
    /// <param name="outcome">In the emulator's words: <c>won</c>, <c>lost</c>, <c>lost&amp;returned=300</c>.</param>
    public async Task DecideDisputeAsync(string intentId, string outcome)
    {
        var dispute = (await StripeAsync(HttpMethod.Get, $"/v1/disputes?payment_intent={intentId}")).GetProperty("data")[0].GetProperty("id").GetString();
        await OkAsync(Stripe.PostAsync($"/_emulator/disputes/{dispute}/decision?outcome={outcome}", null));
        await WaitForEventAsync("charge.dispute.closed", intentId);
    }

    /// <summary>Somebody at Stripe's dashboard, past the shop.</summary>
    public async Task<JsonElement> StripeAsync(HttpMethod method, string path, Dictionary<string, string>? form = null)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { { "Authorization", "Bearer sk_test_1" } }, Content = form is null ? null : new FormUrlEncodedContent(form) };
        return await OkAsync(Stripe.SendAsync(request));
    }

    public Task FaultAsync(object fault) => OkAsync(Stripe.PostAsJsonAsync("/_emulator/faults", fault));

    public Task WebhookFaultAsync(object fault) => OkAsync(Stripe.PostAsJsonAsync("/_emulator/webhooks/faults", fault));

    public static async Task<JsonElement> OkAsync(Task<HttpResponseMessage> call)
    {
        var response = await call;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {text}");
        return text == "" ? default : JsonDocument.Parse(text).RootElement;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var client in (HttpClient[])[Client, Staff, Admin, Stripe]) client.Dispose();
        foreach (var other in _others) await other.DisposeAsync();
        if (_api is not null) await _api.DisposeAsync();
        if (_stripe is not null) await _stripe.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        await _redis.DisposeAsync();
        TestFolders.Delete(_folder);
        GC.SuppressFinalize(this);
    }
}
