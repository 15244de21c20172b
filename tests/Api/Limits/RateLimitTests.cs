using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tests.Fixture;

namespace Tests.Api.Limits;

/// <summary>A shop that knows the storefront.</summary>
public sealed class KnownStorefront(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis)
{
    public const string Key = "0123456789abcdef0123456789abcdef";

    protected override IReadOnlyDictionary<string, string> MoreSettings { get; } = new Dictionary<string, string> { ["Storefront:Key"] = Key };
}

public class RateLimitTests(KnownStorefront shop) : IClassFixture<KnownStorefront>
{
    [Fact]
    public async Task Every_shopper_is_told_what_is_left_and_only_who_took_it_all_has_to_wait()
    {
        var first = await SignInAsync("203.0.113.1");
        Assert.Equal("\"sign-in\";q=30;w=60", first.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Matches("^\"sign-in\";r=29;t=[12]$", first.Headers.GetValues("RateLimit").Single());

        // More than the bucket holds, at once; on a slow machine a few more come back meanwhile.
        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => SignInAsync("203.0.113.1")));
        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.NotEmpty(refused);
        Assert.Equal("2", refused[0].Headers.GetValues("Retry-After").Single());
        Assert.Equal("request.too-many", JsonDocument.Parse(await refused[0].Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await SignInAsync("203.0.113.2")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("X-Forwarded-For", "203.0.113.1")).StatusCode);
    }

    [Fact]
    public async Task Who_is_not_known_is_counted_too_and_waits_in_the_end()
    {
        var first = await UnknownAsync(HttpMethod.Get, "/api/v1/admin/jobs", "203.0.113.3");
        Assert.Equal((HttpStatusCode.Unauthorized, "\"shopper\";q=1200;w=60"), (first.StatusCode, first.Headers.GetValues("RateLimit-Policy").Single()));
        Assert.StartsWith("\"shopper\";r=1199;", first.Headers.GetValues("RateLimit").Single());

        // The smallest bucket is the soonest empty.
        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => UnknownAsync(HttpMethod.Put, "/api/v1/account/password", "203.0.113.3")));
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], answers.Select(a => a.StatusCode).Distinct().Order());
    }

    [Fact]
    public async Task The_storefront_is_counted_as_the_shopper_it_asks_for_and_nobody_else_can_say_so()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.Equal("1198", await LeftAfterTwoAsync(Signed("198.51.100.7", now)));
        Assert.False((await GetAsync("X-Shopper-Address", Signed("", now))).Headers.Contains("RateLimit"));
        foreach (var forged in (string[])[Signed("198.51.100.8", now - 3600), Signed("198.51.100.8", now)[..^1] + "x", "198.51.100.8", $"198.51.100.8;{now};"])
            Assert.False((await GetAsync("X-Shopper-Address", forged)).Headers.Contains("RateLimit")); // believed to be what it is: a program on this machine
    }

    private async Task<string> LeftAfterTwoAsync(string header)
    {
        // Two that arrive before one comes back: 50 ms. Whoever is slower tries with another shopper.
        for (var i = 0; ; i++)
        {
            var shopper = i == 0 ? header : Signed($"198.51.100.{100 + i}", DateTimeOffset.UtcNow.ToUnixTimeSeconds());
            await GetAsync("X-Shopper-Address", shopper);
            var left = (await GetAsync("X-Shopper-Address", shopper)).Headers.GetValues("RateLimit").Single().Split("r=")[1].Split(';')[0];
            if (left == "1198" || i == 50) return left;
        }
    }

    private static string Signed(string address, long seconds) =>
        $"{address};{seconds};{Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(KnownStorefront.Key), Encoding.UTF8.GetBytes($"{address};{seconds}")))}";

    private async Task<HttpResponseMessage> GetAsync(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/products?limit=1") { Headers = { { header, value } } };
        return await shop.Client.SendAsync(request);
    }

    private async Task<HttpResponseMessage> UnknownAsync(HttpMethod method, string path, string address)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { { "X-Forwarded-For", address }, { "Authorization", "Bearer og_000000000000_x" } } };
        return await shop.Client.SendAsync(request);
    }

    private async Task<HttpResponseMessage> SignInAsync(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/session")
        {
            Headers = { { "X-Forwarded-For", address } },
            Content = new StringContent("{", Encoding.UTF8, "application/json"),
        };
        return await shop.Client.SendAsync(request);
    }
}
