using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tests.Routes;

public class EdgeRoutesTests(Edge edge) : IClassFixture<Edge>
{
    [Theory]
    [InlineData("/api/v1/products?limit=2&cursor=a%2Fb")]
    [InlineData("/api/openapi/v1.json")]
    [InlineData("/webhooks/stripe")]
    public async Task The_api_and_the_webhooks_go_to_the_Api(string path)
    {
        var before = edge.Frontend.Requests.Count;
        edge.Api.Answer = context => context.Response.WriteAsync("from the api");

        Assert.Equal("from the api", await edge.Client.GetStringAsync(path));
        Assert.Equal(path, edge.Api.Last.Path);
        Assert.Equal(before, edge.Frontend.Requests.Count);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/products/tide-lines?variant=3")]
    [InlineData("/_next/static/chunks/main.js")]
    [InlineData("/apiary")]
    [InlineData("/mediation")]
    public async Task Everything_else_goes_to_the_storefront(string path)
    {
        var before = edge.Api.Requests.Count;
        edge.Frontend.Answer = context => context.Response.WriteAsync("a page");

        Assert.Equal("a page", await edge.Client.GetStringAsync(path));
        Assert.Equal(path, edge.Frontend.Last.Path);
        Assert.Equal(before, edge.Api.Requests.Count);
    }

    [Theory]
    [InlineData("/products/%00")]
    [InlineData("/api/v1/products/%00")]
    public async Task An_address_with_a_null_in_it_reaches_nobody(string path)
    {
        var before = (edge.Api.Requests.Count, edge.Frontend.Requests.Count);
        using var answer = await edge.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(before, (edge.Api.Requests.Count, edge.Frontend.Requests.Count));
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task The_edge_answers_for_its_own_health(string path)
    {
        var before = edge.Frontend.Requests.Count + edge.Api.Requests.Count;

        Assert.Equal("Healthy", await edge.Client.GetStringAsync(path));
        Assert.Equal(before, edge.Frontend.Requests.Count + edge.Api.Requests.Count);
    }

    [Fact]
    public async Task What_the_header_of_an_answer_says_passes_byte_by_byte()
    {
        foreach (var bytes in (string[])["größe", Upstream.BytesOf("größe=東京")])
        {
            edge.Frontend.Answer = context =>
            {
                context.Response.Headers.Location = $"/search?q={bytes}";
                return Task.CompletedTask;
            };
            Assert.Contains($"\r\nLocation: /search?q={bytes}\r\n", await edge.AskRawAsync("/", "Accept: */*"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_body_status_and_headers_pass_unchanged()
    {
        edge.Api.Answer = async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            context.Response.Headers.ETag = "\"7\"";
            context.Response.Headers["X-Powered-By"] = "something";
            context.Response.Headers.Server = "something";
            context.Response.ContentType = "application/problem+json";
            await context.Response.WriteAsync($"{context.Request.Method} {body} {context.Request.Headers["Idempotency-Key"]}");
        };

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders") { Content = new StringContent("""{"basketId":"x"}""") };
        request.Headers.Add("Idempotency-Key", "k-1");
        using var answer = await edge.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("""POST {"basketId":"x"} k-1""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("\"7\"", answer.Headers.ETag?.Tag);
        Assert.False(answer.Headers.Contains("X-Powered-By"));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task An_answer_is_passed_on_as_it_comes_even_when_the_edge_compresses_it()
    {
        var goOn = new TaskCompletionSource();
        edge.Frontend.Answer = async context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync("<p>first</p>");
            await context.Response.Body.FlushAsync();
            await goOn.Task;
            await context.Response.WriteAsync("<p>second</p>");
        };

        foreach (var encoding in new[] { "identity", "br" })
        {
            goOn = new TaskCompletionSource();
            using var request = new HttpRequestMessage(HttpMethod.Get, "/stream");
            request.Headers.Add("Accept-Encoding", encoding);
            using var answer = await edge.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await using var raw = await answer.Content.ReadAsStreamAsync();
            await using var body = encoding == "br" ? new System.IO.Compression.BrotliStream(raw, System.IO.Compression.CompressionMode.Decompress) : raw;

            var first = new byte[12];
            await body.ReadExactlyAsync(first).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
            Assert.Equal("<p>first</p>", Encoding.UTF8.GetString(first));
            Assert.False(goOn.Task.IsCompleted);

            goOn.SetResult();
            using var rest = new StreamReader(body);
            Assert.Equal("<p>second</p>", await rest.ReadToEndAsync());
        }
    }

    [Fact]
    public async Task Websockets_pass_as_the_dev_server_of_Next_needs_them()
    {
        edge.Frontend.Answer = async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64];
            var got = await socket.ReceiveAsync(buffer, CancellationToken.None);
            await socket.SendAsync(buffer.AsMemory(0, got.Count), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        };

        using var client = new ClientWebSocket();
        await client.ConnectAsync(new UriBuilder(edge.Address) { Scheme = "ws", Path = "/_next/webpack-hmr" }.Uri, CancellationToken.None);
        await client.SendAsync("ping"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var echo = new byte[64];
        var answer = await client.ReceiveAsync(echo, CancellationToken.None);

        Assert.Equal("ping", Encoding.UTF8.GetString(echo, 0, answer.Count));
    }

    [Theory]
    [InlineData("/api/v1/orders", 256)]
    [InlineData("/webhooks/stripe", 1024)]
    [InlineData("/checkout", 2048)]
    public async Task A_body_may_be_as_large_as_its_route_says_and_no_larger(string path, int kilobytes)
    {
        async Task ReadAll(HttpContext context)
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("read");
        }

        edge.Api.Answer = edge.Frontend.Answer = ReadAll;

        using var fits = await edge.Client.PostAsync(path, new ByteArrayContent(new byte[kilobytes * 1024]));
        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);

        // Who waits for 100 Continue hears why, and so does who sends it all without asking.
        foreach (var (waits, more) in ((bool, int)[])[(true, 1), (false, 1), (false, 3 * 1024 * 1024)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[(kilobytes * 1024) + more]) };
            request.Headers.ExpectContinue = waits;
            using var tooLarge = await edge.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
            Assert.Contains("edge.body-too-large", await tooLarge.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_destination_says_of_a_large_body_it_does_not_read_arrives(bool chunked)
    {
        edge.Api.Answer = async context =>
        {
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = 1024; // so it does not read on, and hangs up
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            await context.Response.WriteAsync("the api's own words");
        };
        for (var i = 0; i < 5; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/admin/imports") { Content = new ByteArrayContent(new byte[8 * 1024 * 1024]) };
            request.Headers.TransferEncodingChunked = chunked;
            using var refused = await edge.Client.SendAsync(request);
            Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "the api's own words"), (refused.StatusCode, await refused.Content.ReadAsStringAsync()));
        }
    }
}
