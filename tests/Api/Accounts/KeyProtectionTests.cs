using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Tests.Fixture;

namespace Tests.Api.Accounts;

/// <summary>A shop whose keys of sessions are encrypted where they lie.</summary>
public sealed class SealedShop(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis)
{
    public static readonly string First = NewCertificate("first");

    protected override IReadOnlyDictionary<string, string> MoreSettings { get; } = new Dictionary<string, string> { ["DataProtection:Certificate"] = First, ["DataProtection:Password"] = "first" };

    /// <summary>PKCS#12 in base64.</summary>
    public static string NewCertificate(string password)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=sessions", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        return Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12, password));
    }
}

public class KeyProtectionTests(SealedShop shop) : IClassFixture<SealedShop>
{
    [Fact]
    public async Task The_keys_lie_encrypted_in_the_database_and_sessions_work()
    {
        Assert.Equal(HttpStatusCode.OK, (await shop.Staff.GetAsync("/api/v1/admin/audit")).StatusCode);
        await using var db = shop.Open();
        var keys = await db.DataProtectionKeys.Select(k => k.Xml!).ToListAsync();
        Assert.NotEmpty(keys);
        Assert.All(keys, xml => Assert.True(xml.Contains("<EncryptedData", StringComparison.Ordinal) && !xml.Contains("<masterKey", StringComparison.Ordinal), xml));
    }

    [Fact]
    public async Task After_another_certificate_the_earlier_one_still_opens_what_it_locked_and_without_it_one_signs_in_again()
    {
        var second = SealedShop.NewCertificate("second");
        var rotated = new Dictionary<string, string>
        {
            ["DataProtection:Certificate"] = second,
            ["DataProtection:Password"] = "second",
            ["DataProtection:Earlier:0:Certificate"] = SealedShop.First,
            ["DataProtection:Earlier:0:Password"] = "first",
        };
        var stranger = new Dictionary<string, string> { ["DataProtection:Certificate"] = second, ["DataProtection:Password"] = "second" };
        Assert.Equal(HttpStatusCode.OK, await AskAsync(shop.AnotherInstance(settings: rotated)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(shop.AnotherInstance(settings: stranger)));
    }

    [Theory]
    [InlineData("not base64!", "x")]
    [InlineData("bm8gY2VydGlmaWNhdGU=", "x")]
    [InlineData(null, "another password")]
    public void A_certificate_that_cannot_be_read_stops_the_Api_before_it_serves_anybody(string? certificate, string password)
    {
        var settings = new Dictionary<string, string> { ["DataProtection:Certificate"] = certificate ?? SealedShop.First, ["DataProtection:Password"] = password };
        var error = Assert.ThrowsAny<Exception>(() => shop.AnotherInstance(settings: settings));
        Assert.Contains("DataProtection", error.ToString());
    }

    /// <summary>The session of staff, shown to another instance.</summary>
    private async Task<HttpStatusCode> AskAsync(Uri instance)
    {
        using var browser = shop.Guest();
        var signIn = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(browser, "/api/v1/session", new { email = "staff@shop.test", password = ShopApi.Password });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(instance, "/api/v1/admin/audit"));
        request.Headers.Add("Cookie", signIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        using var plain = shop.WithoutCookies();
        return (await plain.SendAsync(request)).StatusCode;
    }
}
