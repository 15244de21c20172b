using System.Text;
using Commerce;

namespace Tests.Commerce;

public class StoredTextTests
{
    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("exactly", 7, "exactly")]
    [InlineData("too long", 3, "too")]
    [InlineData("ab😀", 3, "ab")]
    [InlineData("ab😀", 4, "ab😀")]
    [InlineData("😀😀", 3, "😀")]
    [InlineData("😀", 1, "")]
    [InlineData("a\0b", 5, "a b")]
    public void A_text_is_cut_between_characters(string text, int most, string kept) => Assert.Equal(kept, text.CutTo(most));

    [Fact]
    public void Half_a_pair_anywhere_is_kept_as_the_mark_for_what_cannot_be_read()
    {
        var kept = $"a{'\uD83D'}b{'\uDE00'}c{'\uD83D'}".CutTo(10);
        Assert.Equal("a\uFFFDb\uFFFDc\uFFFD", kept);
        Assert.Equal(kept, Encoding.UTF8.GetString(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(kept)));
    }
}
