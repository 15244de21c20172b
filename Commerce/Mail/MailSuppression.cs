using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Mail;

/// <summary>
/// An address that a mail server said does not exist, or whose reader complained: sending there again harms the sender's name. Kept as a hash, so that erasing a customer
/// leaves nothing to erase; whoever knows the address can look it up and lift it.
/// </summary>
public sealed class MailSuppression
{
    /// <summary>SHA-256 of the address in lower case, hexadecimal.</summary>
    public required string AddressHash { get; init; }

    /// <summary>The server's words.</summary>
    public required string Response { get; init; }

    public required DateTimeOffset At { get; init; }

    public static string HashOf(string address) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.Trim().ToLowerInvariant())));
}

/// <summary>Remembering such addresses.</summary>
public static class MailSuppressions
{
    /// <summary>Outside of any unit of work; saying it twice keeps the first words.</summary>
    public static Task SuppressAsync(this ShopDb db, string address, string words, DateTimeOffset now, CancellationToken cancellation)
    {
        var (hash, cut) = (MailSuppression.HashOf(address), words.CutTo(MailSend.MaxResponse));
        return db.Database.ExecuteSqlAsync($"INSERT INTO mail_suppressions (address_hash, response, at) VALUES ({hash}, {cut}, {now}) ON CONFLICT DO NOTHING", cancellation);
    }
}

internal sealed class MailSuppressionMapping : IEntityTypeConfiguration<MailSuppression>
{
    public void Configure(EntityTypeBuilder<MailSuppression> suppression)
    {
        suppression.ToTable("mail_suppressions");
        suppression.HasKey(s => s.AddressHash);
        suppression.Property(s => s.AddressHash).HasMaxLength(64);
        suppression.Property(s => s.Response).HasMaxLength(MailSend.MaxResponse);
    }
}
