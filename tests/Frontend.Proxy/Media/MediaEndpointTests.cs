using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using NetVips;

namespace Tests.Media;

public class MediaEndpointTests(Edge edge) : IClassFixture<Edge>
{
    [Theory]
    [InlineData("avif", "image/avif", "heifload_buffer")]
    [InlineData("webp", "image/webp", "webpload_buffer")]
    [InlineData("jpg", "image/jpeg", "jpegload_buffer")]
    public async Task A_master_is_served_in_each_size_and_format(string extension, string type, string loader)
    {
        foreach (var kind in new[] { "png", "jpg", "webp" })
        {
            var hash = Picture.Store(edge.MediaFolder, 800, 1000, kind);
            using var answer = await edge.Client.GetAsync($"/media/{hash}/320.{extension}");
            var bytes = await answer.Content.ReadAsByteArrayAsync();

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(type, answer.Content.Headers.ContentType?.ToString());
            Assert.Equal(bytes.Length, answer.Content.Headers.ContentLength);
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.GetValues("Cache-Control").Single());
            using var image = Image.NewFromBuffer(bytes);
            Assert.Equal((320, 400), (image.Width, image.Height));
            Assert.Equal(loader, image.Get("vips-loader"));
            Assert.DoesNotContain(image.GetFields(), field => field.StartsWith("exif", StringComparison.Ordinal) || field.StartsWith("icc", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_small_master_is_never_scaled_up()
    {
        var hash = Picture.Store(edge.MediaFolder, 500, 300);
        using var image = Image.NewFromBuffer(await edge.Client.GetByteArrayAsync($"/media/{hash}/1600.webp"));

        Assert.Equal((500, 300), (image.Width, image.Height));
    }

    [Fact]
    public async Task Transparency_becomes_white_where_the_format_has_none()
    {
        var hash = Picture.StoreTransparent(edge.MediaFolder, 400, 400);
        using var image = Image.NewFromBuffer(await edge.Client.GetByteArrayAsync($"/media/{hash}/160.jpg"));

        Assert.Equal(3, image.Bands);
        Assert.All(image.Getpoint(80, 80), channel => Assert.InRange(channel, 250, 255));
    }

    [Fact]
    public async Task A_known_version_is_not_sent_again()
    {
        var hash = Picture.Store(edge.MediaFolder, 400, 400);
        using var first = await edge.Client.GetAsync($"/media/{hash}/160.webp");
        var tag = first.Headers.ETag!;
        Assert.False(tag.IsWeak);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/media/{hash}/160.webp");
        request.Headers.IfNoneMatch.Add(tag);
        using var again = await edge.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(tag, again.Headers.ETag);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());

        using var other = await edge.Client.GetAsync($"/media/{hash}/160.jpg");
        Assert.NotEqual(tag, other.Headers.ETag);
    }

    [Fact]
    public async Task Head_tells_the_size_and_ranges_give_a_part()
    {
        var hash = Picture.Store(edge.MediaFolder, 400, 400);
        var whole = await edge.Client.GetByteArrayAsync($"/media/{hash}/320.jpg");

        using var head = await edge.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/media/{hash}/320.jpg"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(whole.Length, head.Content.Headers.ContentLength);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/media/{hash}/320.jpg");
        request.Headers.Range = new RangeHeaderValue(10, 19);
        using var part = await edge.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(whole[10..20], await part.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("321.avif")]
    [InlineData("0160.avif")]
    [InlineData("+160.avif")]
    [InlineData("-160.avif")]
    [InlineData("160.gif")]
    [InlineData("160.AVIF")]
    [InlineData("160")]
    [InlineData("160.jpg.part")]
    [InlineData("99999999999999.jpg")]
    public async Task Another_size_or_format_is_refused_with_what_is_on_offer(string file)
    {
        var hash = Picture.Store(edge.MediaFolder, 400, 400);
        using var answer = await edge.Client.GetAsync($"/media/{hash}/{file}");

        var problem = await ProblemOf(answer, HttpStatusCode.NotFound, "media.size-not-offered");
        Assert.Equal([160, 320, 480, 640, 960, 1280, 1600], problem.GetProperty("widths").EnumerateArray().Select(width => width.GetInt32()));
        Assert.Equal(["avif", "webp", "jpg"], problem.GetProperty("formats").EnumerateArray().Select(format => format.GetString()));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000/320.avif")]
    [InlineData("abc/320.avif")]
    [InlineData("..%2f..%2fetc%2fpasswd/320.jpg")]
    [InlineData("....//....//etc/passwd")]
    [InlineData("")]
    [InlineData("ABCDEF0000000000000000000000000000000000000000000000000000000000/320.avif")]
    public async Task What_was_never_imported_is_not_found_and_never_asked_of_the_storefront(string path)
    {
        var before = edge.Frontend.Requests.Count;
        using var answer = await edge.Client.GetAsync($"/media/{path}");

        await ProblemOf(answer, HttpStatusCode.NotFound, "media.not-found");
        Assert.Equal(before, edge.Frontend.Requests.Count);
    }

    [Fact]
    public async Task Pictures_cannot_be_written()
    {
        var hash = Picture.Store(edge.MediaFolder, 400, 400);
        using var answer = await edge.Client.PutAsync($"/media/{hash}/320.jpg", new StringContent("x"));

        await ProblemOf(answer, HttpStatusCode.MethodNotAllowed, "media.read-only");
    }

    [Fact]
    public async Task A_broken_master_is_told_apart_from_our_own_errors_and_leaves_nothing_behind()
    {
        var hash = Picture.Store(edge.MediaFolder, 800, 800, "jpg");
        var file = Directory.GetFiles(Path.Combine(edge.MediaFolder, hash[..2]), $"{hash}.*").Single();
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..2000]);
        using var answer = await edge.Client.GetAsync($"/media/{hash}/320.avif");

        await ProblemOf(answer, HttpStatusCode.UnprocessableEntity, "media.unreadable");
        Assert.DoesNotContain(Directory.GetFiles(edge.CacheFolder, "*", SearchOption.AllDirectories), left => left.Contains(hash, StringComparison.Ordinal));
    }

    private static async Task<JsonElement> ProblemOf(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        return problem;
    }
}
