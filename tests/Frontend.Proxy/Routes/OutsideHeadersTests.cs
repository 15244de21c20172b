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

    [Theory]
    [InlineData("/api/v1/products", "X-Reason")]
    [InlineData("/", "User-Agent")]
    [InlineData("/", "Cookie")]
    [InlineData("/", "Referer")]
    public async Task What_a_header_says_in_UTF_8_passes_as_it_is(string path, string header)
    {
        const string Words = "größe=東京";
        var answer = await edge.AskRawAsync(path, $"{header}: {Upstream.BytesOf(Words)}");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(Words, (path == "/" ? edge.Frontend : edge.Api).Last.Headers[header]);
    }

    [Theory]
    [InlineData("/latin-1", "X-Reason: größe")]
    [InlineData("/null", "X-Reason: gr\0sse")]
    [InlineData("/line", "X-Reason: gr\rX-Other: sse")]
    [InlineData("/overlong-line", "X-Reason: gr\u00c0\u008dX-Other: sse")]
    [InlineData("/query-latin-1?vendor=größe", "Accept: */*")]
    [InlineData("/query-utf-8?vendor=gr\u00c3\u00b6sse", "Accept: */*")]
    public async Task A_header_that_is_no_line_of_UTF_8_and_an_address_that_is_not_escaped_reach_nobody(string path, string header)
    {
        var answer = await edge.AskRawAsync(path, header);

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(edge.Frontend.Requests, asked => asked.Path.StartsWith(path.Split('?')[0], StringComparison.Ordinal));
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
