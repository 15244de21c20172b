using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Accounts;

/// <summary>
/// What a machine shows instead of signing in, such as <c>og_3f9a1c2e7b04_Vq3…</c>. Only its hash is kept; a plain SHA-256, because the
/// secret half is 256 random bits and there is nothing to guess.
/// </summary>
public sealed class ApiKey
{
    public const int MaxNameLength = 100;
    public const int MaxLength = 64;

    private const int PrefixBytes = 6;
    private const int SecretBytes = 32;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Name { get; init; }

    /// <summary>The half that may be seen and by which the row is found.</summary>
    public required string Prefix { get; init; }

    public required byte[] Hash { get; init; }
    public required List<string> Scopes { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Exact to a minute, so that a busy machine does not write on every call.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>A new key, and the only copy of its text there will ever be.</summary>
    internal static (ApiKey Key, string Text) New(string name, IEnumerable<string> scopes)
    {
        var prefix = $"og_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PrefixBytes))}";
        var text = $"{prefix}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        return (new ApiKey { Name = name, Prefix = prefix, Hash = HashOf(text), Scopes = [.. scopes.Distinct().Order(StringComparer.Ordinal)] }, text);
    }

    /// <summary>The prefix of what may be a key; null for what cannot be one.</summary>
    internal static string? PrefixOf(string text) =>
        text.Length <= MaxLength && text.StartsWith("og_", StringComparison.Ordinal) && text.IndexOf('_', 3) is var end and > 0 ? text[..end] : null;

    internal bool Is(string text) => CryptographicOperations.FixedTimeEquals(Hash, HashOf(text));

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

internal sealed class ApiKeyMapping : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys");
        builder.Property(k => k.Id).ValueGeneratedNever();
        builder.Property(k => k.Name).HasMaxLength(ApiKey.MaxNameLength);
        builder.Property(k => k.Prefix).HasMaxLength(16);
        builder.Property(k => k.CreatedAt).HasDefaultValueSql("now()");
        builder.HasIndex(k => k.Prefix).IsUnique();
    }
}
