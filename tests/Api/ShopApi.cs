using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Api.Baskets;
using Commerce;
using Commerce.Accounts;
using Commerce.Outbox;
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
using Tests.Fixture;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace Tests.Api;

/// <summary>The Api over real HTTP, on a database of the test class's own, with the Stripe emulator in this process. No worker: tests run the jobs themselves.</summary>
public class ShopApi(PostgresFixture postgres, RedisFixture redis) : IAsyncLifetime
{
    private readonly string _folder = TestFolders.CreatePrivate();
    private readonly int _port = TestFolders.FreePort();
    private readonly List<WebApplicationFactory<BasketLineRequest>> _others = [];
    private readonly RedisDatabase _redis = new(redis);
    private ShopDatabase? _database;
    private WebApplication? _stripe;
    private string _stripeUrl = "";
    private WebApplicationFactory<BasketLineRequest>? _api;

    public const string Password = "grain of the third print";

    /// <summary>A guest.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Signed in as <c>staff@shop.test</c>.</summary>
    public HttpClient Staff { get; private set; } = null!;

    /// <summary>Signed in as <c>admin@shop.test</c>.</summary>
    public HttpClient Admin { get; private set; } = null!;

    public HttpClient Stripe { get; private set; } = null!;
    public StatementCounter Statements { get; } = new();
    public Guid Tide { get; private set; }
    public Guid Mug { get; private set; }

    /// <summary>How long orders keep their stock here.</summary>
    protected virtual TimeSpan HoldTime => TimeSpan.FromMinutes(30);

    /// <summary>Whether the shop takes the money when it is paid.</summary>
    protected virtual CaptureMode Capture => CaptureMode.Automatic;

    /// <summary>What else the shop has before the Api starts.</summary>
    protected virtual Task FillAsync() => Task.CompletedTask;

    /// <summary>What else the Api is told.</summary>
    protected virtual IReadOnlyDictionary<string, string> MoreSettings { get; } = new Dictionary<string, string>();

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
            "--Stripe:WebhookUrl", $"http://127.0.0.1:{_port}/webhooks/stripe", "--Stripe:WebhookSecret", "whsec_test"]);
        await _stripe.StartAsync();
        var stripeUrl = _stripe.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Stripe = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(stripeUrl) };

        _stripeUrl = stripeUrl;
        _api = Start(_port, Redis(_redis.ConnectionString));
        Client = Guest();
        (Staff, Admin) = (Guest(), Guest());
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

    private WebApplicationFactory<BasketLineRequest> Start(int port, string redis, IInterceptor? statements = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var api = new WebApplicationFactory<BasketLineRequest>().WithWebHostBuilder(host => (settings ?? MoreSettings).Aggregate(host, (h, setting) => h.UseSetting(setting.Key, setting.Value))
            .UseSetting("ConnectionStrings:shop", Connection(_database!.ConnectionString))
            .UseSetting("ConnectionStrings:redis", redis)
            .UseSetting("Stripe:ApiBase", _stripeUrl).UseSetting("Stripe:SecretKey", "sk_test_1").UseSetting("Stripe:WebhookSecret", "whsec_test")
            .UseSetting("Services:PublicUrl", "http://shop.test").UseSetting("Media:Folder", Path.Combine(_folder, "media"))
            .UseSetting("Orders:HoldTime", HoldTime.ToString()).UseSetting("Stripe:Capture", Capture.ToString())
            // A busy machine is slow, not broken: the bounds of the cache are for production.
            .UseSetting("Catalog:Cache:LoadTime", "00:00:30").UseSetting("Catalog:Cache:Patience", "00:00:10")
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Critical))
            .ConfigureServices(services =>
            {
                foreach (var relay in services.Where(s => s.ImplementationType?.Name == "JobRelay").ToList()) services.Remove(relay);
                services.ConfigureDbContext<ShopDb>(options => options.AddInterceptors(statements ?? Statements)
                    .ConfigureWarnings(warnings => warnings.Throw(CoreEventId.FirstWithoutOrderByAndFilterWarning, CoreEventId.RowLimitingOperationWithoutOrderByWarning)));
            }));
        api.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        api.StartServer();
        return api;
    }

    /// <summary>Another browser: cookies of its own.</summary>
    public HttpClient Guest() => new() { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };

    /// <summary>Opens an account with <see cref="Password"/> and signs the browser in.</summary>
    public async Task SignInAsync(HttpClient browser, string email, AccountRole role = AccountRole.Shopper)
    {
        await using (var scope = _api!.Services.CreateAsyncScope())
            Assert.Null((await scope.ServiceProvider.GetRequiredService<AccountDesk>().RegisterAsync(email, Password, role)).Refusal);
        await OkAsync(browser.PostAsJsonAsync("/api/v1/session", new { email, password = Password }));
    }

    public ShopDb Open() => _database!.Open();

    public Task<Guid> AddGoodsAsync(int stock, int variants = 1) => Goods.AddAsync(_database!, $"p-{Guid.NewGuid():N}", stock, 2500, variants);

    /// <summary>What the worker does: runs each waiting job of the kind once.</summary>
    public async Task RunJobsAsync(string kind, bool onlyDue = true)
    {
        await using var scope = _api!.Services.CreateAsyncScope();
        await using var db = Open();
        var rows = await db.Set<OutboxRow>().Where(r => r.Kind == kind && r.State == JobState.Pending && (!onlyDue || r.RunAfter <= DateTimeOffset.UtcNow)).ToListAsync();
        foreach (var row in rows)
        {
            await RunJobAsync(scope.ServiceProvider, row);
            await db.Set<OutboxRow>().Where(r => r.Id == row.Id).ExecuteDeleteAsync();
        }
    }

    private static Task RunJobAsync(IServiceProvider services, OutboxRow row)
    {
        var arguments = JsonDocument.Parse(row.Arguments).RootElement;
        return row.Kind switch
        {
            JobKinds.ApplyStripeEvent => services.GetRequiredService<PaymentVerbs>().ApplyEventAsync(arguments.GetProperty("eventId").GetString()!, null, CancellationToken.None),
            JobKinds.ExpireReservation => services.GetRequiredService<PaymentVerbs>().ExpireReservationAsync(arguments.GetProperty("orderId").GetGuid(), null, CancellationToken.None),
            JobKinds.RefundPayment => services.GetRequiredService<RefundVerbs>().CarryOutAsync(arguments.GetProperty("refundId").GetGuid(), null, CancellationToken.None),
            JobKinds.VoidPayment => services.GetRequiredService<CaptureVerbs>().VoidAsync(arguments.GetProperty("orderId").GetGuid(), null, CancellationToken.None),
            JobKinds.ReconcilePayments => services.GetRequiredService<Reconciliation>().RunAsync(arguments.TryGetProperty("runId", out var run) ? run.GetGuid() : row.Id, CancellationToken.None),
            _ => throw new ArgumentException($"No test runs {row.Kind}."),
        };
    }

    public GatewayPipeline Gateway => _api!.Services.GetRequiredService<GatewayPipeline>();

    /// <summary>Calls a verb of Commerce as a job would.</summary>
    public async Task InScopeAsync<T>(Func<T, Task> act) where T : notnull
    {
        await using var scope = _api!.Services.CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<T>());
    }

    /// <summary>One comparison with Stripe of the last day.</summary>
    public async Task<ReconciliationRun> ReconcileAsync()
    {
        ReconciliationRun? run = null;
        await InScopeAsync<Reconciliation>(async reconciliation => run = await reconciliation.RunAsync(Guid.CreateVersion7(), CancellationToken.None));
        return run!;
    }

    /// <summary>Runs payment jobs until Stripe has nothing more to deliver and no job is left, as long as that takes.</summary>
    public async Task SettleAsync()
    {
        for (var i = 0; i < 2000; i++, await Task.Delay(50))
        {
            foreach (var kind in (string[])[JobKinds.ApplyStripeEvent, JobKinds.RefundPayment, JobKinds.VoidPayment]) await RunJobsAsync(kind);
            var state = await OkAsync(Stripe.GetAsync("/_emulator/state"));
            if (state.GetProperty("deliveries").EnumerateArray().Any(d => d.GetProperty("state").GetString() == "pending")) continue;
            await using var db = Open();
            if (!await db.Set<OutboxRow>().AnyAsync(r => r.Kind == JobKinds.ApplyStripeEvent || r.Kind == JobKinds.RefundPayment || r.Kind == JobKinds.VoidPayment)) return;
        }
        Assert.Fail("Payments do not settle.");
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

    public async ValueTask DisposeAsync()
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
