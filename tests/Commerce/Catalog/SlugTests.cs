using Commerce.Catalog;

namespace Tests.Commerce.Catalog;

public class SlugTests
{
    [Theory]
    [InlineData("น้ำตาล", true)]
    [InlineData("हिन्दी_2", true)]
    [InlineData("größe-a4", true)]
    [InlineData("cafe\u0301", false)] // not composed: it would look like another slug
    [InlineData("\u0301cafe", false)]
    [InlineData("Tide", false)]
    [InlineData("a b", false)]
    [InlineData("a\ufffe", false)]
    [InlineData("", false)]
    public void Letters_of_every_script_with_their_marks_are_names_in_addresses(string slug, bool isValid) => Assert.Equal(isValid, Slug.IsValid(slug));

    [Theory]
    [InlineData("Café Größe, A4!", "cafe-große-a4")]
    [InlineData("น้ำตาล 1 กก.", "น้ำตาล-1-กก")]
    [InlineData("한국어 책", "한국어-책")]
    [InlineData("\u0e35 !", "")]
    public void A_title_becomes_a_slug(string title, string slug)
    {
        Assert.Equal(slug, Slug.From(title));
        Assert.True(slug == "" || Slug.IsValid(slug));
    }
}
