using Commerce.Shipping;
using Commerce.Taxes;

namespace Tests.Commerce.Shipping;

public class DeliveryTests
{
    [Theory]
    [InlineData("books", 7, "standard", 19, "books", 7)]
    [InlineData("food", 7, "standard", 19, "books", 19)]
    [InlineData("food", 7, "drinks", 12, "books", 12)]
    [InlineData("food", 7, "drinks", 12, VatRate.StandardClass, 12)]
    [InlineData("books", 0, "standard", 19, "books", 0)]
    public void Goods_of_a_class_the_country_has_no_rate_for_are_not_sold_without_tax(string first, int firstPercent, string second, int secondPercent, string sold, int percent) =>
        Assert.Equal(percent, new Delivery([], new Dictionary<string, decimal> { [first] = firstPercent, [second] = secondPercent }).VatPercent(sold));

    [Fact]
    public void A_country_without_any_rate_is_an_export() =>
        Assert.Equal(0, new Delivery([], new Dictionary<string, decimal>()).VatPercent("books"));
}
