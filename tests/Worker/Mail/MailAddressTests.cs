using Commerce.Mail;
using Commerce.Outbox;
using MimeKit;
using Tests.Fixture;

namespace Tests.Worker.Mail;

public sealed class MailAddressTests(PostgresFixture postgres, RedisFixture redis, MailServer mail) : MailTest(postgres, redis, mail), IClassFixture<MailServer>
{
    private const string OfLocals = "aZ0.!#$%&'*+/=?^_`{|}~-\"\\,;:<>()[] @\t\0ü€";
    private const string OfDomains = "aZ0b-.ü";

    [Theory]
    [InlineData("a..b@ex.com")]
    [InlineData("a,b@ex.com")]
    [InlineData("x@y")]
    public async Task A_mail_to_an_address_of_an_older_order_that_is_none_is_a_dead_letter_at_once(string email)
    {
        await PayAsync();
        await ExecuteAsync($"UPDATE orders SET email = {email}");
        await StartMailerAsync();
        await FailedAsync("mail-address-invalid");
        var row = await OnlyRowAsync();
        Assert.Equal((JobState.Dead, 1), (row.State, row.Failures));
        Assert.Empty(await LedgerAsync());
        Assert.Empty(await Mail.MailsAsync());
    }

    [Fact]
    public async Task A_receipt_goes_to_a_domain_of_another_script()
    {
        await PayAsync();
        await ExecuteAsync($"UPDATE orders SET email = {"mira@bücher.example"}");
        await StartMailerAsync();
        await AllDoneAsync(1);
        Assert.Equal("mira@bücher.example", Assert.Single(await Mail.MailsAsync()).GetProperty("to")[0].GetString());
    }

    /// <summary>A seeded walk through addresses that are almost some.</summary>
    [Fact]
    public void Whatever_the_rule_takes_the_mailer_can_read_as_that_one_address()
    {
        var strict = new ParserOptions { AddressParserComplianceMode = RfcComplianceMode.Strict, AllowUnquotedCommasInAddresses = false, AllowAddressesWithoutDomain = false };
        var random = new Random(20261126);
        var taken = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = $"{Some(random, OfLocals, 3)}@{Some(random, OfDomains, 4)}.{Some(random, OfDomains, 3)}";
            if (MailAddress.AsciiOf(text) is not { } ascii) continue;
            taken++;
            Assert.True(MailboxAddress.TryParse(strict, ascii, out var read), text);
            Assert.Equal((ascii, true), (read.GetAddress(idnEncode: true), string.IsNullOrEmpty(read.Name)));
        }
        Assert.InRange(taken, 100, 19_000);
    }

    private static string Some(Random random, string signs, int most) => string.Concat(Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => signs[random.Next(signs.Length)]));
}
