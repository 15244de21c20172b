using System.Text.RegularExpressions;
using Commerce.Mail;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tests.Fixture;
using Worker.Mail;

namespace Tests.Worker.Mail;

/// <summary>The words and the look of the mails, held by snapshots: after a wanted change, copy the .received files over the .approved ones.</summary>
public sealed class MailsTests
{
    private static OrderMails In(string language, ShopTime? time = null) =>
        new(Options.Create(new PublicAddress { PublicUrl = "http://localhost:8080" }), Options.Create(new MailOptions { Language = language }), Options.Create(time ?? new ShopTime()));

    private static StaffMails ToStaffIn(string language) =>
        new(Options.Create(new MailOptions { Language = language }), Options.Create(new PublicAddress { PublicUrl = "http://localhost:8080" }), Options.Create(new ShopTime()),
            Options.Create(new StripeOptions { SecretKey = "sk_live_1" }));

    public static MatrixTheoryData<string, string> EveryMail => new(
        ["Receipt", "ShippingNotice", "TrackingNotice", "Cancellation", "RefundNotice", "LowStock", "LowStockDigest", "WebhookNotice", "RefundFailure", "DisputeNotice"], ["en", "de"]);

    [Fact]
    public void No_job_mails_what_no_approved_file_holds() => Assert.Equal(
        Directory.GetFiles(Path.Combine(TestFolders.Repository, "tests", "Worker", "Mail", "Approved"), "*.approved.html").Select(file => Path.GetFileName(file).Split('.')[0]).Distinct().Order(),
        new[] { OrderMails.Receipt, OrderMails.ShippingNotice, OrderMails.TrackingNotice, OrderMails.Cancellation, OrderMails.RefundNotice, MailTopics.LowStock, MailTopics.LowStockDigest, MailTopics.WebhookNotice, MailTopics.RefundFailure, MailTopics.DisputeNotice }
            .Select(name => string.Concat(name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))).Order());

    [Theory]
    [MemberData(nameof(EveryMail))]
    public void A_mail_is_as_approved(string name, string language)
    {
        var mail = Make(name, language);
        AsApproved($"{name}.{language}.approved.html", mail.Html);
        AsApproved($"{name}.{language}.approved.txt", $"Subject: {mail.Subject}\n\n{mail.Text}");
    }

    [Fact]
    public void What_a_buyer_typed_cannot_become_markup()
    {
        var mail = Make("Receipt", "en");
        Assert.DoesNotContain("<b>O'Shea", mail.Html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;O&#39;Shea&lt;/b&gt;", mail.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10001", "New York", "NY", "US", "\nNew York NY 10001\n")]
    [InlineData("SW1A 1AA", "London", null, "GB", "\nLondon SW1A 1AA\n")]
    [InlineData("1050", "København", null, "DK", "\n1050 København\n")]
    [InlineData("", "Central", null, "HK", "\nCentral\n")]
    public void An_address_is_written_as_mail_there_expects_it_and_without_what_it_has_not(string postalCode, string city, string? region, string country, string written)
    {
        var address = new Address { Name = "Ann", Line1 = "Road 1", PostalCode = postalCode, City = city, Region = region, CountryCode = country };
        Assert.Contains(written, Receipt(In("en"), PaidOrder.Example(address: address)).Text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 22_283, null, "Subtotal €1,278.00|Shipping €5.90|Total paid €1,283.90|including €222.83 VAT")]
    [InlineData(true, 22_283, null, "Subtotal €1,278.00|Shipping €5.90|VAT €222.83|Total paid €1,506.73")]
    [InlineData(false, 0, null, "Subtotal €1,278.00|Shipping €5.90|Total paid €1,283.90")]
    [InlineData(true, 0, null, "Subtotal €1,278.00|Shipping €5.90|Total paid €1,283.90")]
    [InlineData(false, 22_283, 500, "Subtotal €1,278.00|Shipping €5.90|Total €1,283.90|of which VAT €222.83|Paid €5.00")]
    [InlineData(true, 22_283, 500, "Subtotal €1,278.00|Shipping €5.90|VAT €222.83|Total €1,506.73|Paid €5.00")]
    public void The_sums_of_a_receipt_add_up_to_the_total_and_say_what_was_taken(bool taxOnTop, long taxMinor, int? paidMinor, string sums)
    {
        var receipt = Receipt(In("en"), PaidOrder.Example(taxMinor: taxMinor, taxOnTop: taxOnTop, paidMinor: paidMinor));
        var lines = receipt.Text.ReplaceLineEndings("\n").Split('\n').SkipWhile(line => !line.StartsWith("Subtotal", StringComparison.Ordinal)).TakeWhile(line => line != "");
        Assert.Equal(sums.Split('|'), lines.Select(line => Regex.Replace(line, " {2,}", " ")));
        if (paidMinor is not null) Assert.Contains("We have your payment of €5.00.", receipt.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "Paid 23 November 2026")]
    [InlineData("UTC", "Paid 22 November 2026")]
    [InlineData("America/New_York", "Paid 22 November 2026")]
    [InlineData("Asia/Tokyo", "Paid 23 November 2026")]
    public void The_day_in_a_mail_is_the_shops(string? zone, string written)
    {
        var time = zone is null ? new ShopTime() : new ShopTime { TimeZone = zone };
        Assert.Contains(written, Receipt(In("en", time), PaidOrder.Example()).Text, StringComparison.Ordinal); // paid at 23:41 UTC
    }

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("UTC", true)]
    [InlineData("Europe/Bonn", false)]
    [InlineData("W. Europe Standard Time", false)] // the storefront could not read it
    [InlineData("", false)]
    public void A_time_zone_that_is_none_is_refused_when_the_Worker_starts(string zone, bool isTaken)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Shop:TimeZone"] = zone, ["Smtp:Host"] = "localhost", ["Smtp:Port"] = "25", ["Smtp:From"] = "shop@oddgrain.example" }).Build();
        using var services = new ServiceCollection().AddMail(configuration).BuildServiceProvider();
        var start = Record.Exception(services.GetRequiredService<IStartupValidator>().Validate);
        if (isTaken) Assert.Null(start);
        else Assert.IsType<OptionsValidationException>(start);
    }

    [Fact]
    public void Pictures_and_links_point_at_the_shop_and_nowhere_else()
    {
        var html = Make("Receipt", "en").Html;
        Assert.Contains($"http://localhost:8080/media/{new string('a', 62)}a3/320.jpg", html, StringComparison.Ordinal);
        var addresses = Regex.Matches(html, "(?:href|src)=\"([^\"]*)\"").Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(addresses);
        Assert.All(addresses, address => Assert.StartsWith("http://localhost:8080", address, StringComparison.Ordinal));
    }

    [Fact]
    public void A_template_and_its_values_must_match()
    {
        var picture = Template.Load("Picture.html");
        Assert.Throws<MailTemplateException>(() => picture.Fill(("url", "u"), ("source", "s")));
        Assert.Throws<MailTemplateException>(() => picture.Fill(("url", "u"), ("source", "s"), ("alt", "a"), ("more", "m")));
    }

    [Fact]
    public void A_receipt_says_what_is_not_in_stock_yet()
    {
        var order = PaidOrder.Example();
        var (one, some) = (order.Lines.First(line => line.Quantity == 1), order.Lines.First(line => line.Quantity > 1));
        var text = Receipt(In("en"), order, new Dictionary<int, int> { [one.Position] = 1, [some.Position] = 1 }).Text;
        Assert.Contains("1 piece. Not in stock yet: sent as soon as it is.", text, StringComparison.Ordinal);
        Assert.Contains("1 of them not in stock yet: sent as soon as they are.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("in stock", Receipt(In("en"), order).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parcel_that_can_be_followed_by_its_address_alone_is_not_called_a_letter()
    {
        var order = PaidOrder.Example();
        var parcel = new Fulfilment { OrderId = order.Id, SentAt = order.PlacedAt, IdempotencyKey = "1", Fingerprint = "1" };
        Assert.Contains("like a letter", In("en").ShippingNoticeOf(order, parcel).Text, StringComparison.Ordinal);
        parcel.Track(new Tracking(null, null, "http://track.example/3232"));
        var text = In("en").TrackingNoticeOf(order, parcel).Text;
        Assert.Contains("Follow the parcel: http://track.example/3232", text, StringComparison.Ordinal);
        Assert.DoesNotContain("like a letter", text, StringComparison.Ordinal);
        Assert.DoesNotContain("The parcel\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("needs_response", "product_not_received", true, "A shopper disputes a payment of €1,283.90.|What was ordered did not arrive.|6 December 2026, 23:59 (Europe/Berlin)")]
    [InlineData("needs_response", "a_reason_of_tomorrow", false, "In Stripe's word: a reason of tomorrow.|Stripe has not said until when.")]
    [InlineData("warning_needs_response", "fraudulent", true, "A bank asks about a payment of €1,283.90.|No money was taken yet.|6 December 2026, 23:59 (Europe/Berlin)")]
    [InlineData("under_review", "fraudulent", true, "Evidence was handed in; the bank decides.")]
    public void A_dispute_is_told_in_plain_words_with_what_is_to_be_done_until_when(string status, string reason, bool isDue, string told)
    {
        var dispute = Disputed(status, reason, isDue ? new DateTimeOffset(2026, 12, 6, 22, 59, 59, TimeSpan.Zero) : null);
        var mail = ToStaffIn("en").DisputeNoticeOf(new DisputeNotice(dispute, "OG-7K3M-9QXT", "pi_1"), new StaffReader("ann@oddgrain.example", Guid.Empty));
        Assert.Equal(status.StartsWith("warning", StringComparison.Ordinal) ? "A bank asks about order OG-7K3M-9QXT: €1,283.90" : "Order OG-7K3M-9QXT is disputed: €1,283.90", mail.Subject);
        Assert.All(told.Split('|'), words => Assert.Contains(words, mail.Text, StringComparison.Ordinal));
        Assert.Contains("https://dashboard.stripe.com/payments/pi_1", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "lost_or_stolen_card", "The card was lost or stolen.")]
    [InlineData("de", "expired_or_canceled_card", "Die Karte ist abgelaufen oder gesperrt.")]
    [InlineData("de", "of_another_day", "Mit Stripes Wort: of another day.")]
    public void Why_a_refund_failed_is_said_in_words(string language, string reason, string words)
    {
        var mail = ToStaffIn(language).RefundFailureOf("OG-7K3M-9QXT", Refunded(PaidOrder.Example(), reason), new StaffReader("ann@oddgrain.example", Guid.NewGuid()));
        Assert.Contains(words, mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "past the shop", "with the shop again")]
    [InlineData("de", "am Shop vorbei", "wieder beim Shop")]
    public void A_refund_that_was_not_sent_because_too_little_is_left_is_not_said_to_have_come_back(string language, string said, string unsaid)
    {
        var mail = ToStaffIn(language).RefundFailureOf("OG-7K3M-9QXT", Refunded(PaidOrder.Example(), Refund.NoRoom), new StaffReader("ann@oddgrain.example", Guid.NewGuid()));
        Assert.Contains(said, mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(unsaid, mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sk_live_1", null, "pi_1", "https://dashboard.stripe.com/payments/pi_1")]
    [InlineData("rk_test_1", null, "pi_1", "https://dashboard.stripe.com/test/payments/pi_1")]
    [InlineData("sk_live_1", null, null, "https://dashboard.stripe.com/payments")]
    [InlineData("sk_test_1", "http://localhost:12111/_emulator", "pi_1", "http://localhost:12111/_emulator")]
    public void Staff_act_where_the_payment_is(string key, string? dashboard, string? intent, string page) =>
        Assert.Equal(page, new StripeOptions { SecretKey = key, DashboardUrl = dashboard }.DashboardPage(intent));

    private static OutgoingMail Receipt(OrderMails mails, Order order, IReadOnlyDictionary<int, int>? awaited = null) => mails.ReceiptOf(order, OrderView.Of(order, awaited));

    private static OutgoingMail Make(string name, string language)
    {
        var (order, mails) = (PaidOrder.Example(), In(language));
        var (reader, toStaff) = (new StaffReader("ann@oddgrain.example", Guid.Parse("0d4f5c1e-6a3b-4c2d-9e8f-7a6b5c4d3e2f")), ToStaffIn(language));
        LowVariant[] low = [new(Guid.Empty, "Moss <b>", "moss", "OG-MOSS-A3", ["A3", "Cotton"], 1), new(Guid.Empty, "Tide", "tide", null, [], 4)];
        switch (name)
        {
            case "LowStock":
                return toStaff.LowStockOf(low[0], reader);
            case "LowStockDigest":
                return toStaff.DigestOf(Guid.Empty, 2, low, reader);
            case "WebhookNotice":
                var endpoint = new WebhookEndpoint { Url = "https://erp.example/hooks", EventTypes = ["order.paid"], CreatedAt = DateTimeOffset.UnixEpoch };
                endpoint.Disable("It answered 410 Gone.");
                return toStaff.WebhookNoticeOf(endpoint, reader);
            case "ShippingNotice" or "TrackingNotice":
                var parcel = new Fulfilment
                {
                    Id = Guid.Parse("0192d3a4-0000-7000-8000-000000000002"),
                    OrderId = order.Id,
                    SentAt = new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero),
                    IdempotencyKey = "1",
                    Fingerprint = "1",
                    Lines = [new FulfilmentLine { FulfilmentId = Guid.Parse("0192d3a4-0000-7000-8000-000000000002"), Position = 1, Quantity = 1 }],
                };
                parcel.Track(new Tracking("bpost", "3232 0098 7654", "http://track.example/3232"));
                order.Send(parcel);
                return name == "ShippingNotice" ? mails.ShippingNoticeOf(order, parcel) : mails.TrackingNoticeOf(order, parcel);
            case "Cancellation":
                order.Cancel(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
                return mails.CancellationOf(order);
            case "RefundNotice":
                return mails.RefundNoticeOf(order, Refunded(order));
            case "RefundFailure":
                return toStaff.RefundFailureOf(order.Number, Refunded(order, failure: "expired_or_canceled_card"), reader);
            case "DisputeNotice":
                return toStaff.DisputeNoticeOf(new DisputeNotice(Disputed("needs_response", "fraudulent", new DateTimeOffset(2026, 12, 6, 22, 59, 59, TimeSpan.Zero)), order.Number, "pi_1"), reader);
            default:
                return Receipt(mails, order);
        }
    }

    private static Refund Refunded(Order order, string? failure = null)
    {
        var refund = new Refund
        {
            OrderId = order.Id,
            Cause = RefundCause.Staff,
            AmountMinor = 4_900,
            Currency = "EUR",
            RequestedAt = new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero),
            Lines = [new RefundLine { RefundId = Guid.Empty, Position = 2, Quantity = 1, WorthMinor = 4_900 }],
        };
        typeof(Refund).GetProperty(nameof(Refund.FailureReason))!.SetValue(refund, failure);
        return refund;
    }

    private static Dispute Disputed(string status, string reason, DateTimeOffset? due)
    {
        var dispute = new Dispute { OrderId = Guid.Empty, StripeDisputeId = "du_1", AmountMinor = 128_390, Currency = "EUR", Reason = reason, Status = status, OpenedAt = DateTimeOffset.UnixEpoch };
        typeof(Dispute).GetProperty(nameof(Dispute.EvidenceDueBy))!.SetValue(dispute, due);
        return dispute;
    }

    private static void AsApproved(string file, string actual)
    {
        var approved = Path.Combine(TestFolders.Repository, "tests", "Worker", "Mail", "Approved", file);
        var expected = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "";
        if (expected == actual.ReplaceLineEndings("\n")) return;
        var received = approved.Replace(".approved.", ".received.", StringComparison.Ordinal);
        File.WriteAllText(received, actual);
        Assert.Fail($"{received} differs from {file}.");
    }
}
