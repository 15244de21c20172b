using Microsoft.AspNetCore.Http;

namespace Tests.Answers;

public class SecurityHeadersTests(Edge edge) : IClassFixture<Edge>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/products")]
    [InlineData("/media/nothing")]
    [InlineData("/health")]
    public async Task Every_answer_carries_them(string path)
    {
        using var answer = await edge.Client.GetAsync(path);

        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("strict-origin-when-cross-origin", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"), "HSTS has no meaning over http.");
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_page_keeps_its_own_content_security_policy()
    {
        edge.Frontend.Answer = context =>
        {
            if (context.Request.Path == "/strict") context.Response.Headers.ContentSecurityPolicy = "default-src 'self'";
            return context.Response.WriteAsync("page");
        };
        using var answer = await edge.Client.GetAsync("/strict");

        Assert.Equal(["default-src 'self'", "frame-ancestors 'none'"], answer.Headers.GetValues("Content-Security-Policy"));
    }
}
