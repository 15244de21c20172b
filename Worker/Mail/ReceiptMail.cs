using System.Globalization;
using System.Net;
using Commerce;
using Commerce.Orders;
using Commerce.Payments;

namespace Worker.Mail;

/// <summary>The words and pictures of the receipt.</summary>
public static class ReceiptMail
{
    public const string TemplateName = "receipt";

    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-IE");
    private static readonly Template Html = Template.Load("Receipt.html");
    private static readonly Template HtmlLine = Template.Load("ReceiptLine.html");
    private static readonly Template HtmlPicture = Template.Load("ReceiptPicture.html");
    private static readonly Template Text = Template.Load("Receipt.txt");

    /// <param name="order">Paid, with its lines.</param>
    /// <param name="address">Where links and pictures point.</param>
    public static OutgoingMail Of(Order order, PublicAddress address)
    {
        var facts = OrderView.Of(order);
        var shop = address.PublicUrl.TrimEnd('/');
        var name = facts.ShippingAddress.Name;
        var orderUrl = address.OrderPage(facts.Number, facts.Key);
        var paidOn = facts.PaidAt!.Value.ToString("d MMMM yyyy", English);
        var tax = In(facts.TaxIncluded);
        var shipping = facts.Shipping.AmountMinor == 0 ? "Free" : In(facts.Shipping);

        var html = Html.Fill(
            ("number", facts.Number), ("name", name), ("shopUrl", shop), ("orderUrl", orderUrl), ("paidOn", paidOn),
            ("lines", string.Concat(facts.Lines.Select(line => HtmlOf(line, shop)))),
            ("subtotal", In(facts.Subtotal)), ("shipping", shipping), ("total", In(facts.Total)), ("tax", tax),
            ("address", string.Join("<br>", Written(facts.ShippingAddress).Select(WebUtility.HtmlEncode))));
        var text = Text.Fill(
            ("number", facts.Number), ("name", name), ("shopUrl", shop), ("orderUrl", orderUrl), ("paidOn", paidOn),
            ("lines", string.Concat(facts.Lines.Select(TextOf))),
            ("sums", string.Join('\n', Row("Subtotal", In(facts.Subtotal)), Row("Shipping", shipping), Row("Total paid", In(facts.Total)))),
            ("tax", tax), ("address", string.Join('\n', Written(facts.ShippingAddress))));
        return new OutgoingMail(TemplateName, order.Id, facts.Email, $"Your Oddgrain order {facts.Number}: receipt", html, text);
    }

    private static string HtmlOf(OrderLineView line, string shop)
    {
        var url = $"{shop}/products/{line.ProductSlug}";
        var picture = line.Image is { } image
            ? HtmlPicture.Fill(("url", url), ("source", $"{shop}/media/{image.Hash}/320.jpg"), ("alt", image.Alt))
            : "";
        return HtmlLine.Fill(("picture", picture), ("url", url), ("title", line.Title), ("details", Details(line)), ("total", In(line.LineTotal)));
    }

    private static string TextOf(OrderLineView line) => $"{Row(line.Title, In(line.LineTotal))}\n  {Details(line)}\n";

    private static string Details(OrderLineView line)
    {
        var amount = line.Quantity == 1 ? "1 piece" : $"{line.Quantity} pieces at {In(line.UnitPrice)}";
        return line.VariantTitle is "" or "Default Title" ? amount : $"{line.VariantTitle}, {amount}";
    }

    /// <summary>Left and right edge of a line of 60 characters, at least one space between them.</summary>
    private static string Row(string left, string right) => left.PadRight(Math.Max(left.Length + 1, 60 - right.Length)) + right;

    private static IEnumerable<string> Written(Address to) =>
        new[] { to.Name, to.Line1, to.Line2, $"{to.PostalCode} {to.City}", new RegionInfo(to.CountryCode).EnglishName }.OfType<string>().Where(line => line.Length > 0);

    private static string In(Money money) => money.Currency == "EUR"
        ? (money.AmountMinor / 100m).ToString("€#,0.00", CultureInfo.InvariantCulture)
        : $"{(money.AmountMinor / 100m).ToString("#,0.00", CultureInfo.InvariantCulture)} {money.Currency}";
}
