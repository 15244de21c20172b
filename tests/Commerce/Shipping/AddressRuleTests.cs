using System.Text.RegularExpressions;
using Commerce.Shipping;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce.Shipping;

public class AddressRuleTests(TestShop shop) : IClassFixture<TestShop>
{
    [Fact]
    public async Task Every_country_the_shop_serves_has_a_rule_and_every_example_fits_its_own()
    {
        await using var db = shop.Open();
        Assert.Empty((await db.ShippingCountries.Select(c => c.CountryCode).ToListAsync()).Except(AddressRule.All.Select(r => r.CountryCode)));
        Assert.All(AddressRule.All, rule => Assert.True(rule.FitsPostalCode(rule.PostalCodeExample), rule.CountryCode));
    }

    [Theory]
    [InlineData("DE", "1011", false)]
    [InlineData("DE", " 10115 ", true)]
    [InlineData("GB", "sw1a 1aa", true)]
    [InlineData("GB", "12345", false)]
    [InlineData("NL", "1012JS", true)]
    [InlineData("US", "10001-1234", true)]
    [InlineData("US", "10001\n", false)]
    [InlineData("DE", "\u0661\u0660\u0661\u0667\u0668", false)]
    [InlineData("DE", "\uFF11\uFF10\uFF11\uFF17\uFF18", false)]
    [InlineData("IE", "D02 X285", true)]
    [InlineData("PL", "00001", false)]
    public void A_postal_code_looks_like_one_of_its_country(string country, string code, bool fits)
    {
        var rule = AddressRule.Of(country)!;
        Assert.Equal(fits, rule.FitsPostalCode(code));
        // What clients are told says the same; of a line break only .NET would think otherwise.
        if (!code.EndsWith('\n')) Assert.Equal(fits, Regex.IsMatch(AddressRule.Normalise(code), rule.PostalCodePattern, RegexOptions.ECMAScript));
    }

    [Theory]
    [InlineData("US", "NY", true)]
    [InlineData("US", "AE", true)]
    [InlineData("US", null, false)]
    [InlineData("CA", "NY", false)]
    [InlineData("DE", null, true)]
    public void A_region_is_asked_for_where_mail_needs_it(string country, string? region, bool fits) => Assert.Equal(fits, AddressRule.Of(country)!.FitsRegion(region));
}
