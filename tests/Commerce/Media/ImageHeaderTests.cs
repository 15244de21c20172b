using Commerce.Media;

namespace Tests.Commerce.Media;

public class ImageHeaderTests
{
    // The smallest pictures there are, 3 x 2 pixels, made by other programs.
    [Theory]
    [InlineData("png", "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGOQs4mCIAY4CwAo3AQ5jwAmcgAAAABJRU5ErkJggg==")]
    [InlineData("webp", "UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoDAAIAAgA0JaQAA3AA/vuUAAA=")]
    [InlineData("webp", "UklGRhoAAABXRUJQVlA4TA0AAAAvAkAAEAcQERGIiP4HAA==")]
    [InlineData("jpg", "/9j/4AAQSkZJRgABAQAAAQABAAD/wAARCAACAAMDASIAAhEBAxEB/9k=")]
    public void The_header_tells_format_and_size(string extension, string base64) =>
        Assert.Equal(new ImageHeader(extension, 3, 2), ImageHeader.Read(Convert.FromBase64String(base64)));

    [Fact]
    public void What_is_no_picture_has_no_header()
    {
        Assert.Null(ImageHeader.Read([]));
        Assert.Null(ImageHeader.Read("<svg xmlns='http://www.w3.org/2000/svg'/>................"u8));
        Assert.Null(ImageHeader.Read([0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0, 0, 0, 0, 0]));
    }

    [Fact]
    public void A_cut_or_scrambled_picture_is_refused_and_never_throws()
    {
        var random = new Random(7);
        var jpeg = Convert.FromBase64String("/9j/4AAQSkZJRgABAQAAAQABAAD/wAARCAACAAMDASIAAhEBAxEB/9k=");
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = jpeg[..random.Next(jpeg.Length)];
            if (bytes.Length > 3) bytes[random.Next(2, bytes.Length)] = (byte)random.Next(256);
            _ = ImageHeader.Read(bytes);
        }
    }
}
