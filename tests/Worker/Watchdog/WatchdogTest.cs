using System.Text.Json;
using Commerce.OnCall;
using Commerce.Payments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tests.Fixture;
using Tests.Worker.Jobs;
using Worker.Watchdog;

namespace Tests.Worker.Watchdog;

/// <summary>A worker that watches with small times and rings at the PagerDuty emulator.</summary>
public abstract class WatchdogTest(PostgresFixture postgres, RedisFixture redis, PagerServer pager) : JobTest(postgres, redis)
{
    protected PagerServer Pager => pager;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await pager.ResetAsync();
    }

    protected static Dictionary<string, string?> Small(string pagerUrl) => new()
    {
        ["PagerDuty:RoutingKey"] = PagerServer.Key,
        ["PagerDuty:ApiBase"] = pagerUrl,
        ["Watchdog:Every"] = "00:00:00.100",
        ["Watchdog:SlowEvery"] = "00:00:00.100",
        ["Watchdog:ResolveAfter"] = "00:00:00.700",
        ["Watchdog:SignalsFreshFor"] = "00:00:30",
        ["Watchdog:SilentPayments"] = "1",
        ["Watchdog:DatabaseDownAfter"] = "00:00:00.500",
        ["Watchdog:DashboardUrl"] = "http://localhost:18888/",
        ["Signals:Every"] = "00:00:00.100",
    };

    protected Task<JobNode> StartWatcherAsync(Action<IServiceCollection>? more = null, params (string Name, string Value)[] settings) =>
        StartNodeAsync(instead: services => AddWatch(services, more, settings));

    protected void AddWatch(IServiceCollection services, Action<IServiceCollection>? more = null, params (string Name, string Value)[] settings)
    {
        var all = Small(pager.Url);
        foreach (var (name, value) in settings) all[name] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        services.Configure<PublicAddress>(address => address.PublicUrl = "http://localhost:8080");
        services.AddSignals(configuration).AddWatchdog(configuration);
        // As one that has watched for long: what a test injects is old from the first look on.
        services.AddSingleton<Vigil>(provider => new(TimeProvider.System, provider.GetRequiredService<IOptions<WatchdogOptions>>(), DateTimeOffset.UtcNow.AddDays(-1)));
        more?.Invoke(services);
    }

    /// <summary>Exactly one incident, in this state; anything else at PagerDuty is a failure of the test.</summary>
    protected async Task<JsonElement> OnlyIncidentAsync(string status, string what)
    {
        await EventuallyAsync(async () => await pager.StatusesAsync() is var all && (all == status || all.Contains(',', StringComparison.Ordinal)), what);
        return Assert.Single(await pager.IncidentsAsync());
    }

    protected async Task<List<Incident>> RowsOfIncidentsAsync()
    {
        await using var db = Open();
        return await db.Set<Incident>().AsNoTracking().OrderBy(i => i.Id).ToListAsync();
    }

    protected Task DieAsync() => ExecuteAsync($"""
        INSERT INTO outbox (id, kind, version, arguments, priority, state, attempt, failures, settled_at, failure_reason)
        VALUES (gen_random_uuid(), 'send-receipt', 1, {"{}"}::jsonb, 1, 'dead', 1, 1, now(), 'smtp-rejected')
        """);

    protected Task BuryAsync() => ExecuteAsync($"DELETE FROM outbox WHERE state = 'dead'");
}
