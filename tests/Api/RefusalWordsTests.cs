using System.Text.RegularExpressions;
using Api;
using Tests.Fixture;

namespace Tests.Api;

/// <summary>The storefront puts refusals into words; a new code is either given some, or said to be none of a shopper's business.</summary>
public partial class RefusalWordsTests
{
    private static readonly string Words = File.ReadAllText(Path.Combine(TestFolders.Repository, "Frontend", "lib", "refusals.ts"));

    [Fact]
    public void Every_code_has_words_for_shoppers_or_is_named_as_none_they_meet()
    {
        var spoken = Keys().Matches(Words).Select(m => m.Groups[1].Value).ToList();
        var unspoken = Codes().Matches(Words[Words.IndexOf("export const notForShoppers", StringComparison.Ordinal)..Words.IndexOf("const general", StringComparison.Ordinal)]).Select(m => m.Groups[1].Value).ToList();
        var codes = Refusals.Statuses.Keys.Concat(Refusals.OfAnyAddress.Keys).ToHashSet();
        Assert.Empty(codes.Except(spoken).Except(unspoken).Order());
        Assert.Empty(spoken.Intersect(unspoken));
        Assert.Equal(spoken.Count + unspoken.Count, spoken.Union(unspoken).Count());
        // What nobody refuses any more needs no words.
        Assert.Empty(spoken.Concat(unspoken).Except(codes));
    }

    [GeneratedRegex("^  '([a-z.-]+)': '", RegexOptions.Multiline)]
    private static partial Regex Keys();

    [GeneratedRegex("'([a-z.-]+)'")]
    private static partial Regex Codes();
}
