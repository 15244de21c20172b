using Commerce.Media;
using NetVips;

namespace Tests.Commerce.Media;

/// <summary>Whether a picture is one to its last byte.</summary>
public class PictureDecoderTests
{
    [Theory]
    [InlineData(".png")]
    [InlineData(".jpg")]
    [InlineData(".jpg[interlace]")]
    [InlineData(".webp")]
    [InlineData(".webp[lossless]")]
    public async Task A_whole_picture_is_one_and_a_part_of_it_is_none(string format)
    {
        using var noise = Image.Gaussnoise(320, 240).Cast(Enums.BandFormat.Uchar);
        var file = noise.WriteToBuffer(format);
        Assert.NotNull(ImageHeader.Read(file));
        Assert.True(await PictureDecoder.CanDecodeAsync(file, CancellationToken.None));
        foreach (var part in (int[])[file.Length / 4, file.Length / 2, file.Length * 9 / 10]) Assert.False(await PictureDecoder.CanDecodeAsync(file.AsMemory(0, part), CancellationToken.None));
    }
}
