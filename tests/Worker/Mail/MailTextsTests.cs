using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.RegularExpressions;
using Commerce;
using Tests.Fixture;
using Worker.Mail;

namespace Tests.Worker.Mail;

/// <summary>The words of mails, language by language.</summary>
public sealed class MailTextsTests
{
    [Fact]
    public void Every_language_says_the_same_things_with_the_same_values()
    {
        var english = MailTexts.For("en").All;
        foreach (var file in Directory.GetFiles(Path.Combine(TestFolders.Repository, "Worker", "Mail", "Texts")))
        {
            var texts = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))!;
            Assert.Equal(english.Keys.Order(), texts.Keys.Order());
            Assert.All(texts, text => Assert.Equal(Places(english[text.Key]), Places(text.Value)));
        }
        Assert.Equal("de", MailTexts.For("de-AT").Language);
        Assert.Equal("en", MailTexts.For("tlh").Language);
    }

    [Fact]
    public void Every_text_is_in_some_mail()
    {
        var code = string.Concat(Directory.GetFiles(Path.Combine(TestFolders.Repository, "Worker", "Mail"), "*.cs").Select(File.ReadAllText));
        Assert.All(MailTexts.For("en").All.Keys.Where(key => !key.StartsWith("money.", StringComparison.Ordinal)), key => Assert.Contains($"\"{key}\"", code, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("en", 123_456, "EUR", "€1,234.56")]
    [InlineData("de", 123_456, "EUR", "1.234,56 €")]
    [InlineData("en", 123_456, "JPY", "123,456 JPY")]
    [InlineData("de", 123_456, "KWD", "123,456 KWD")]
    [InlineData("de", 123_456, "RSD", "1.234,56 RSD")]
    public void An_amount_is_written_with_the_decimals_of_its_currency(string language, long minor, string currency, string written) =>
        Assert.Equal(written, MailTexts.For(language).Of(new Money(minor, currency)).Replace('\u00a0', ' '));

    [Theory]
    [InlineData("BE", "Belgium", "Belgien")]
    [InlineData("US", "United States", "Vereinigte Staaten")]
    [InlineData("JP", "Japan", "Japan")]
    [InlineData("EH", "Western Sahara", "Westsahara")]
    [InlineData("QX", "QX", "QX")] // nobody's, and still no reason not to write
    public void A_country_is_called_what_the_mails_language_calls_it(string code, string english, string german) =>
        Assert.Equal((english, german, english), (MailTexts.For("en").Country(code), MailTexts.For("de").Country(code), MailTexts.For("en").Country(code)));

    [Theory]
    [InlineData("de-AT", null)]
    [InlineData("fr", "Mail:Language=fr is no language that mails are written in; accepted are de, en.")]
    public void A_language_that_mails_are_not_written_in_is_refused(string language, string? refusal)
    {
        var found = new MailOptions { Language = language }.Validate(new ValidationContext(this)).Select(result => result.ErrorMessage);
        Assert.Equal(refusal is null ? [] : [refusal], found);
    }

    private static string Places(string text) => string.Join(' ', Regex.Matches(text, @"\{\d\}").Select(match => match.Value).Order().Distinct());
}
