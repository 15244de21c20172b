using System.Net;

namespace Tests.Api;

public class CrossSiteTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Theory]
    [InlineData("POST", "Sec-Fetch-Site", "cross-site", false)]
    [InlineData("POST", "Sec-Fetch-Site", "same-site", false)]
    [InlineData("POST", "Sec-Fetch-Site", "same-origin", true)]
    [InlineData("POST", "Sec-Fetch-Site", "none", true)]
    [InlineData("POST", "Origin", "http://evil.test", false)]
    [InlineData("POST", "Origin", "http://shop.test:81", false)]
    [InlineData("POST", "Origin", "null", false)]
    [InlineData("POST", "Origin", "http://shop.test", true)]
    [InlineData("GET", "Sec-Fetch-Site", "cross-site", true)]
    [InlineData("POST", "User-Agent", "curl", true)]
    public async Task Another_sites_page_changes_nothing_here(string method, string header, string value, bool allowed)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), method == "GET" ? "/api/v1/products" : "/api/v1/baskets");
        request.Headers.TryAddWithoutValidation(header, value);
        var response = await shop.Client.SendAsync(request);
        Assert.Equal(allowed, response.IsSuccessStatusCode);
        if (allowed) return;
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("request.cross-site", await response.Content.ReadAsStringAsync());
    }
}
