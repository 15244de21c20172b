using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Api.Mail;
using Commerce.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.EntityFrameworkCore;
using Tests.Fixture;

namespace Tests.Api.Mail;

/// <summary>A shop that listens to a topic, and what stands for Amazon SNS: its certificate and its confirmations over real HTTP.</summary>
public sealed class ShopWithTopic(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis)
{
    public const string Topic = "arn:aws:sns:eu-west-1:123456789012:mail";

    private readonly RSA _key = RSA.Create(2048);
    private WebApplication? _amazon;
    private int _confirmed;

    public string Amazon { get; } = $"http://127.0.0.1:{TestFolders.FreePort()}";
    public int Confirmed => _confirmed;

    protected override IReadOnlyDictionary<string, string> MoreSettings => new Dictionary<string, string> { ["Ses:TopicArn"] = Topic, ["Ses:Endpoint"] = Amazon };

    protected override async Task FillAsync()
    {
        using var certificate = new CertificateRequest("CN=sns.amazonaws.com", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var pem = certificate.ExportCertificatePem();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _amazon = builder.Build();
        _amazon.Urls.Add(Amazon);
        _amazon.MapGet("/cert.pem", () => pem);
        _amazon.MapGet("/confirm", () => $"{Interlocked.Increment(ref _confirmed)}");
        await _amazon.StartAsync();
    }

    public SnsMessage Sign(SnsMessage message) =>
        message with { Signature = Convert.ToBase64String(_key.SignData(Encoding.UTF8.GetBytes(message.Signed()), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)) };

    public SnsMessage Note(object report) => Sign(new SnsMessage(SnsMessage.Notification, $"{Guid.NewGuid()}", Topic, JsonSerializer.Serialize(report), "2026-11-25T22:00:00.000Z", "2", "", $"{Amazon}/cert.pem"));

    public async Task<HttpStatusCode> PostAsync(object message) =>
        (await Client.PostAsync("/webhooks/ses", new StringContent(JsonSerializer.Serialize(message), Encoding.UTF8, "text/plain"))).StatusCode;

    public async Task<List<string>> SuppressedAsync()
    {
        await using var db = Open();
        return await db.Set<MailSuppression>().Select(s => s.AddressHash).ToListAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_amazon is not null) await _amazon.DisposeAsync();
        _key.Dispose();
    }
}

public sealed class MailReportTests(ShopWithTopic shop) : IClassFixture<ShopWithTopic>
{
    [Fact]
    public async Task A_permanent_bounce_and_a_complaint_end_the_mails_to_an_address_and_a_passing_one_does_not()
    {
        var (gone, angry, full) = ($"{Guid.NewGuid()}@example.com", $"{Guid.NewGuid()}@example.com", $"{Guid.NewGuid()}@example.com");
        var bounce = shop.Note(new { notificationType = "Bounce", bounce = new { bounceType = "Permanent", bouncedRecipients = new[] { new { emailAddress = gone, diagnosticCode = "smtp; 550 5.1.1 no such user" } } } });
        Assert.Equal(HttpStatusCode.OK, await shop.PostAsync(bounce));
        Assert.Equal(HttpStatusCode.OK, await shop.PostAsync(bounce)); // SNS delivers at least once
        Assert.Equal(HttpStatusCode.OK, await shop.PostAsync(shop.Note(new { eventType = "Complaint", complaint = new { complainedRecipients = new[] { new { emailAddress = angry } } } })));
        Assert.Equal(HttpStatusCode.OK, await shop.PostAsync(shop.Note(new { notificationType = "Bounce", bounce = new { bounceType = "Transient", bouncedRecipients = new[] { new { emailAddress = full } } } })));
        Assert.Equal(HttpStatusCode.OK, await shop.PostAsync(shop.Note(new { notificationType = "Delivery" })));
        var suppressed = await shop.SuppressedAsync();
        Assert.Equal([true, true, false], new[] { gone, angry, full }.Select(address => suppressed.Contains(MailSuppression.HashOf(address))));
    }

    [Fact]
    public async Task What_Amazon_has_not_signed_for_our_topic_is_refused_and_changes_nothing()
    {
        var victim = $"{Guid.NewGuid()}@example.com";
        var genuine = shop.Note(new { notificationType = "Complaint", complaint = new { complainedRecipients = new[] { new { emailAddress = victim } } } });
        using var stranger = RSA.Create(2048);
        foreach (var forged in new object[]
        {
            genuine with { Message = genuine.Message.Replace("Complaint", "complaint ", StringComparison.Ordinal) },
            genuine with { Signature = Convert.ToBase64String(stranger.SignData(Encoding.UTF8.GetBytes(genuine.Signed()), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)) },
            genuine with { Signature = "not base64" },
            genuine with { SignatureVersion = "1" },
            shop.Sign(genuine with { TopicArn = "arn:aws:sns:eu-west-1:999999999999:mail" }),
            genuine with { SigningCertUrl = "https://sns.eu-west-1.amazonaws.com.evil.example/cert.pem" },
            genuine with { SigningCertUrl = $"{shop.Amazon}@evil.example/cert.pem" },
            new { Type = "Notification" },
            "nonsense",
        })
            Assert.Equal(HttpStatusCode.BadRequest, await shop.PostAsync(forged));
        Assert.DoesNotContain(MailSuppression.HashOf(victim), await shop.SuppressedAsync());
        Assert.Equal(HttpStatusCode.OK, await shop.PostAsync(genuine));
        Assert.Contains(MailSuppression.HashOf(victim), await shop.SuppressedAsync());
    }

    [Fact]
    public async Task A_subscription_is_confirmed_at_Amazon_and_nowhere_else()
    {
        SnsMessage Asking(string url) => shop.Sign(new SnsMessage(SnsMessage.SubscriptionConfirmation, $"{Guid.NewGuid()}", ShopWithTopic.Topic, "You have chosen to subscribe", "2026-11-25T22:00:00.000Z", "2", "",
            $"{shop.Amazon}/cert.pem", Token: "t", SubscribeUrl: url));
        Assert.Equal(HttpStatusCode.BadRequest, await shop.PostAsync(Asking("http://169.254.169.254/latest/meta-data")));
        Assert.Equal(0, shop.Confirmed);
        Assert.Equal(HttpStatusCode.OK, await shop.PostAsync(Asking($"{shop.Amazon}/confirm")));
        Assert.Equal(1, shop.Confirmed);
    }
}

public sealed class MailReportWithoutTopicTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task Without_a_topic_there_is_no_such_address() =>
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Client.PostAsync("/webhooks/ses", new StringContent("{}"))).StatusCode);
}
