using Commerce.Catalog.Import;

namespace Tests.Commerce.Catalog;

/// <summary>Cells as Shopify writes them mean what they mean there; what it cannot write comes back as it was.</summary>
public class CsvCellTests
{
    [Theory]
    [InlineData("sea, blue", new[] { "sea", "blue" })]
    [InlineData(" sea ,, blue,sea ", new[] { "sea", "blue" })]
    [InlineData("\"Tide\", 5\" wide, it's", new[] { "\"Tide\"", "5\" wide", "it's" })]
    [InlineData("\"a, b\", c", new[] { "a, b", "c" })]
    [InlineData("\"a, b", new[] { "\"a", "b" })]
    [InlineData("\"a, b\" c, d", new[] { "\"a", "b\" c", "d" })]
    [InlineData("", new string[0])]
    public void A_list_is_split_at_its_separators_and_not_within_quotes_that_it_needs(string cell, string[] values) => Assert.Equal(values, CsvCell.Split(cell, ','));

    [Theory]
    [InlineData("\"Tide\"")]
    [InlineData("\"\"")]
    [InlineData("\"")]
    [InlineData("it's")]
    public void Quotes_that_nothing_needs_belong_to_the_text(string text) => Assert.Equal((text, text), (CsvCell.Unwrap(text), CsvCell.Wrap(text)));

    [Theory]
    [InlineData(" L ")]
    [InlineData("\" L \"")]
    [InlineData("\"\" L \"\"")]
    [InlineData(" ")]
    [InlineData("Default Title")]
    [InlineData("\"Default Title\"")]
    [InlineData("a, b")]
    [InlineData("\"a\", \"b\"")]
    [InlineData("\"")]
    [InlineData("\"\"\"")]
    public void Every_text_comes_back_alone_and_in_a_list(string text)
    {
        Assert.Equal(text, CsvCell.Unwrap(CsvCell.Wrap(text).Trim()));
        Assert.Equal(["x", text, "\"y\""], CsvCell.Split(CsvCell.Join(["x", text, "\"y\""], ',').Trim(), ','));
    }
}
