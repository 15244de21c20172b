using Commerce.Payments;
using Tests.Fixture;
using Worker.Mail;

namespace Tests.Worker.Mail;

/// <summary>The words and the look of the receipt, held by snapshots: after a wanted change, copy the .received file over the .approved one.</summary>
public sealed class ReceiptMailTests
{
    private static readonly OutgoingMail Mail = ReceiptMail.Of(PaidOrder.Example(), new PublicAddress { PublicUrl = "http://localhost:8080" });

    [Fact]
    public void The_html_is_as_approved() => AsApproved("Receipt.approved.html", Mail.Html);

    [Fact]
    public void The_text_is_as_approved() => AsApproved("Receipt.approved.txt", Mail.Text);

    [Fact]
    public void What_a_buyer_typed_cannot_become_markup()
    {
        Assert.DoesNotContain("<b>O'Shea", Mail.Html);
        Assert.Contains("&lt;b&gt;O&#39;Shea&lt;/b&gt;", Mail.Html);
    }

    [Fact]
    public void Pictures_and_links_point_at_the_shop_and_nowhere_else()
    {
        Assert.Contains($"http://localhost:8080/media/{new string('a', 62)}a3/320.jpg", Mail.Html);
        var addresses = System.Text.RegularExpressions.Regex.Matches(Mail.Html, "(?:href|src)=\"([^\"]*)\"").Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(addresses);
        Assert.All(addresses, address => Assert.StartsWith("http://localhost:8080", address));
    }

    [Fact]
    public void A_template_and_its_values_must_match()
    {
        var picture = Template.Load("ReceiptPicture.html");
        Assert.Throws<InvalidOperationException>(() => picture.Fill(("url", "u"), ("source", "s")));
        Assert.Throws<InvalidOperationException>(() => picture.Fill(("url", "u"), ("source", "s"), ("alt", "a"), ("more", "m")));
    }

    private static void AsApproved(string file, string actual)
    {
        var approved = Path.Combine(TestFolders.Repository, "tests", "Worker", "Mail", file);
        var expected = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "";
        if (expected == actual.ReplaceLineEndings("\n")) return;
        var received = approved.Replace(".approved.", ".received.", StringComparison.Ordinal);
        File.WriteAllText(received, actual);
        Assert.Fail($"{received} differs from {file}.");
    }
}
