using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Tests.Answers;

public class TextCompressionTests(Edge edge) : IClassFixture<Edge>
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("every picture grew from a number; ", 200));

    [Theory]
    [InlineData("text/html; charset=utf-8")]
    [InlineData("text/x-component")]
    [InlineData("application/json")]
    [InlineData("application/javascript")]
    public async Task Text_is_compressed(string type)
    {
        using var answer = await AskAsync(type, Long);

        Assert.Equal("br", answer.Content.Headers.ContentEncoding.Single());
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        await using var unpacked = new BrotliStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        Assert.Equal(Long, await reader.ReadToEndAsync());
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("font/woff2")]
    public async Task What_its_format_compresses_already_is_left_alone(string type)
    {
        using var answer = await AskAsync(type, Long);

        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.Equal(Long, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_the_destination_compressed_is_left_alone()
    {
        using var answer = await AskAsync("text/html", "pretend this is gzip", "gzip");

        Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
        Assert.Equal("pretend this is gzip", await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> AskAsync(string type, string body, string? encoding = null)
    {
        edge.Frontend.Answer = context =>
        {
            context.Response.ContentType = type;
            if (encoding is not null)
                context.Response.Headers.ContentEncoding = encoding;
            return context.Response.WriteAsync(body);
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/anything");
        request.Headers.Add("Accept-Encoding", "gzip, br");
        return await edge.Client.SendAsync(request);
    }
}
