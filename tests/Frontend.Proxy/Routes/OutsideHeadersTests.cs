using Frontend.Proxy.Routes;

namespace Tests.Routes;

public class OutsideHeadersTests(Edge edge) : IClassFixture<Edge>
{
    [Theory]
    [InlineData("X-Vercel-IP-Country")]
    [InlineData("x-middleware-subrequest")]
    [InlineData("X-Forwarded-Port")]
    [InlineData("X-Forwarded-Prefix")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    [InlineData("X-Original-URL")]
    [InlineData("CloudFront-Viewer-Country")]
    [InlineData("baggage")]
    [InlineData("X-Oddgrain-Client")]
    public async Task What_services_would_believe_is_not_taken_from_outside(string header)
    {
        foreach (var (path, upstream) in new[] { ("/", edge.Frontend), ("/api/v1/products", edge.Api) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            Assert.True(request.Headers.TryAddWithoutValidation(header, "forged"));
            using var answer = await edge.Client.SendAsync(request);

            answer.EnsureSuccessStatusCode();
            Assert.DoesNotContain("forged", upstream.Last.Headers.Values);
        }
    }

    [Fact]
    public async Task The_edge_says_itself_who_called_and_by_which_address()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/checkout") { Content = new StringContent("") };
        request.Headers.Host = "shop.example:8443";
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await edge.Client.SendAsync(request);

        var headers = edge.Frontend.Last.Headers;
        Assert.Equal("127.0.0.1", headers["X-Forwarded-For"].Replace("::ffff:", "", StringComparison.Ordinal));
        Assert.Equal("shop.example:8443", headers["X-Forwarded-Host"]);
        Assert.Equal("shop.example:8443", headers["Host"]);
        Assert.Equal("http", headers["X-Forwarded-Proto"]);
    }

    [Fact]
    public async Task What_pages_and_signatures_need_passes()
    {
        (string Name, string Value)[] needed =
        [
            ("Cookie", "basket=abc"), ("Authorization", "Bearer t"), ("Stripe-Signature", "t=1,v1=2"), ("Idempotency-Key", "k"), ("Origin", "http://localhost:8080"),
            ("Accept-Language", "de"), ("If-None-Match", "\"1\""), ("RSC", "1"), ("Next-Router-State-Tree", "%5B%5D"), ("Next-Action", "7f"), ("x-nextjs-data", "1"),
        ];
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        foreach (var (name, value) in needed)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        using var answer = await edge.Client.SendAsync(request);

        var headers = edge.Frontend.Last.Headers;
        Assert.All(needed, header => Assert.Equal(header.Value, headers[header.Name]));
        Assert.All(needed, header => Assert.False(OutsideHeaders.IsTrusted(header.Name)));
    }
}
