using Commerce.Audit;
using Commerce.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Accounts;

/// <summary>What an account may do. Each role includes what the ones before it may.</summary>
public enum AccountRole
{
    Shopper,
    Staff,

    /// <summary>Staff who also decide who is staff, and which machines have a key.</summary>
    Admin,
}

/// <summary>A mail address and a password: a customer's, or a staff member's. Changed through Identity's user manager and the verbs beside this.</summary>
public sealed class Account
{
    public const int MaxEmailLength = MailAddress.MaxLength;
    public const int MinPasswordLength = 10;
    public const int MaxPasswordLength = 128;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Email { get; set; }

    /// <summary>What is compared and unique: Identity's upper-case form.</summary>
    public string NormalizedEmail { get; set; } = "";

    public string? PasswordHash { get; set; }

    /// <summary>Changes with the password, the role and when the account is disabled; sessions that remember an older one have ended.</summary>
    public string SecurityStamp { get; set; } = "";

    public AccountRole Role { get; set; }
    public int FailedSignIns { get; set; }
    public DateTimeOffset? LockedUntil { get; set; }
    public DateTimeOffset? DisabledAt { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    public Actor ToActor() => new(Role == AccountRole.Shopper ? ActorKind.Shopper : ActorKind.Staff, Id.ToString(), Email);

    /// <summary><c>staff</c>: the same word in the table, in a session and on the wire.</summary>
    public static string NameOf(AccountRole role) => KnownWord.Of(role);

    /// <exception cref="ArgumentException">The name is no role's.</exception>
    public static AccountRole RoleOf(string name) => Enum.Parse<AccountRole>(name, ignoreCase: true);
}

internal sealed class AccountMapping : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("accounts");
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.Email).HasMaxLength(Account.MaxEmailLength);
        builder.Property(a => a.NormalizedEmail).HasMaxLength(Account.MaxEmailLength);
        builder.Property(a => a.PasswordHash).HasMaxLength(200);
        builder.Property(a => a.SecurityStamp).HasMaxLength(64).IsConcurrencyToken();
        builder.Property(a => a.Role).HasMaxLength(10).HasConversion(role => Account.NameOf(role), name => Account.RoleOf(name));
        builder.Property(a => a.CreatedAt).HasDefaultValueSql("now()");
        builder.HasIndex(a => a.NormalizedEmail).IsUnique();
        builder.HasIndex(a => a.Role).HasFilter("role <> 'shopper'");
    }
}
