using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Tests.Answers;

/// <summary>A storefront whose "not found" and failures are drawn by a script alone, but for the address that no page has.</summary>
public sealed class UndrawnPagesTests : IAsyncLifetime
{
    private readonly Edge _edge = new();
    private bool _draws = true;

    public async ValueTask InitializeAsync()
    {
        await _edge.InitializeAsync();
        _edge.Frontend.Answer = async context =>
        {
            var isDrawn = context.Request.Path == "/_not-found" && _draws;
            context.Response.StatusCode = context.Request.Path == "/broken" ? StatusCodes.Status500InternalServerError : StatusCodes.Status404NotFound;
            context.Response.Headers.Link = "</a.css>; rel=preload";
            context.Response.ContentType = context.Request.Headers.ContainsKey("RSC") ? "text/x-component" : isDrawn || context.Request.Path != "/_not-found" ? "text/html; charset=utf-8" : "text/plain";
            context.Response.Headers.ContentEncoding = "gzip";
            using var packed = new MemoryStream();
            await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                await gzip.WriteAsync(isDrawn ? "<main>Nothing grew here, and this is how it looks.</main>"u8.ToArray() : "<html id=__next_error__></html>"u8.ToArray());
            context.Response.ContentLength = packed.Length;
            await context.Response.Body.WriteAsync(packed.ToArray());
        };
    }

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    [Fact]
    public async Task A_page_that_is_not_there_is_answered_in_HTML_with_its_cookies_and_one_trace()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/products/nope?variant=A");
        request.Headers.Add("Cookie", "basket=b1");
        var (answer, body) = await AskAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("Nothing grew here", body);
        Assert.False(answer.Headers.Contains("Link"));
        Assert.Equal(["/products/nope?variant=A", "/_not-found"], _edge.Frontend.Requests.Select(r => r.Path));
        Assert.Equal("basket=b1", _edge.Frontend.Last.Headers["Cookie"]);
        Assert.Single(_edge.Frontend.Requests.Select(r => r.Headers["traceparent"].Split('-')[1]).Distinct());
    }

    [Fact]
    public async Task What_is_asked_for_by_a_script_or_by_its_headers_alone_or_cannot_be_drawn_stays_as_it_is()
    {
        using var component = new HttpRequestMessage(HttpMethod.Get, "/products/nope");
        component.Headers.Add("RSC", "1");
        Assert.Contains("__next_error__", (await AskAsync(component)).Body);
        using var head = new HttpRequestMessage(HttpMethod.Head, "/products/nope");
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(head)).Answer.StatusCode);
        Assert.Equal(2, _edge.Frontend.Requests.Count);

        _draws = false;
        using var plain = new HttpRequestMessage(HttpMethod.Get, "/products/nope");
        Assert.Contains("__next_error__", (await AskAsync(plain)).Body);
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("POST", false)]
    public async Task A_page_that_failed_is_answered_in_HTML_with_the_number_of_its_trace_and_tries_again_by_itself(string method, bool again)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/broken");
        request.Headers.Accept.ParseAdd("text/html");
        var (answer, body) = await AskAsync(request);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("The press has jammed", body);
        Assert.Contains(answer.Headers.GetValues("traceresponse").Single().Split('-')[1], body);
        Assert.Equal(again, body.Contains("http-equiv=\"refresh\"", StringComparison.Ordinal));
        Assert.False(answer.Headers.Contains("Link"));

        using var component = new HttpRequestMessage(HttpMethod.Get, "/broken");
        component.Headers.Add("RSC", "1");
        Assert.Contains("__next_error__", (await AskAsync(component)).Body);
    }

    private async Task<(HttpResponseMessage Answer, string Body)> AskAsync(HttpRequestMessage request)
    {
        var answer = await _edge.Client.SendAsync(request);
        await using var body = await answer.Content.ReadAsStreamAsync();
        using var reader = new StreamReader(answer.Content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(body, CompressionMode.Decompress) : body);
        return (answer, await reader.ReadToEndAsync());
    }
}
