using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Tests.Fixture;

namespace Tests.Api;

/// <summary>An Api whose database is not there.</summary>
public sealed class ShopWithoutDatabase(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis)
{
    protected override string Connection(string real) => $"Host=127.0.0.1;Port={TestFolders.FreePort()};Username=postgres;Database=shop";
}

public class DatabaseAwayTests(ShopWithoutDatabase shop) : IClassFixture<ShopWithoutDatabase>
{
    [Theory]
    [InlineData("GET", "/api/v1/products")]
    [InlineData("POST", "/api/v1/baskets")]
    [InlineData("POST", "/api/v1/orders/OG-0000-0000/payment-session?key=k")]
    public async Task Without_its_database_the_Api_says_so_within_seconds(string method, string path)
    {
        var watch = Stopwatch.StartNew();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var response = await shop.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.NotNull(response.Headers.RetryAfter);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("service.unavailable", problem.GetProperty("code").GetString());
        Assert.Equal(32, problem.GetProperty("traceId").GetString()!.Length);
        // A COMMIT whose answer got lost may have been one.
        Assert.DoesNotContain("nothing was", problem.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task It_stays_alive_but_is_not_ready()
    {
        Assert.Equal(HttpStatusCode.OK, (await shop.Client.GetAsync("/alive")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await shop.Client.GetAsync("/health")).StatusCode);
    }
}

/// <summary>An Api whose database takes connections and says nothing, as a proxy does that stands before a server which is gone.</summary>
public sealed class ShopWithMuteDatabase(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis)
{
    private readonly TcpListener _mute = new(IPAddress.Loopback, 0);

    protected override string Connection(string real)
    {
        _mute.Start();
        return $"Host=127.0.0.1;Port={((IPEndPoint)_mute.LocalEndpoint).Port};Username=postgres;Database=shop;Timeout=2;SSL Mode=Disable;GSS Encryption Mode=Disable";
    }
}

public class DatabaseMuteTests(ShopWithMuteDatabase shop) : IClassFixture<ShopWithMuteDatabase>
{
    [Theory]
    [InlineData("GET", "/api/v1/products/tide")]
    [InlineData("POST", "/api/v1/baskets")]
    public async Task A_database_that_says_nothing_is_waited_for_once_and_not_once_per_try(string method, string path)
    {
        var watch = Stopwatch.StartNew();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var response = await shop.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(6)); // four tries would take eight and more
        Assert.Equal("service.unavailable", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }
}

/// <summary>An Api whose database has become a standby: it answers, and takes no writes.</summary>
public sealed class ShopThatCannotWrite(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis)
{
    protected override string Connection(string real) => real == "" ? "read-only" : $"{real};Options=-c default_transaction_read_only=on";
}

public class DatabaseReadOnlyTests(ShopThatCannotWrite shop) : IClassFixture<ShopThatCannotWrite>
{
    [Fact]
    public async Task A_database_that_takes_no_writes_is_away_for_those_who_write_and_there_for_those_who_browse()
    {
        var response = await shop.Client.PostAsync("/api/v1/baskets", null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal("service.unavailable", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, (await shop.Client.GetAsync("/api/v1/products")).StatusCode);
    }
}
