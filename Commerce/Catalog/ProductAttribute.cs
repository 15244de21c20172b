using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Catalog;

public enum AttributeType
{
    Text,
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,
}

/// <summary>What kind of fact an attribute is, such as <c>custom.paper</c>, "Paper", a text one may filter by. The key is that of Shopify's metafield.</summary>
public sealed class AttributeDefinition
{
    public const int MaxKeyLength = 128;

    /// <summary><c>{namespace}.{key}</c> in lower case.</summary>
    public required string Key { get; init; }

    public required string Label { get; set; }
    public AttributeType Type { get; set; }

    /// <summary>Whether shoppers may filter by it; others are only shown.</summary>
    public bool Filterable { get; set; } = true;

    public static bool IsValidKey(string key) =>
        key.Length <= MaxKeyLength && key.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && dot < key.Length - 1
        && key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_');

    /// <summary>False when the text is no value of this type.</summary>
    public bool TryRead(string text, out decimal? number)
    {
        number = null;
        if (Type == AttributeType.Boolean) return text is "true" or "false";
        if (Type == AttributeType.Text) return text.Length is > 0 and <= ProductAttribute.MaxValueLength;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read)) return false;
        number = read;
        return true;
    }
}

/// <summary>One value of one attribute of a product; an attribute may have several.</summary>
public sealed class ProductAttribute
{
    public const int MaxValueLength = 500;

    public required Guid ProductId { get; init; }
    public required string Key { get; init; }
    public required string Value { get; init; }

    /// <summary>The value of a number, for ranges.</summary>
    public decimal? Number { get; set; }

    public required int Position { get; set; }
}

internal sealed class AttributeMapping : IEntityTypeConfiguration<AttributeDefinition>, IEntityTypeConfiguration<ProductAttribute>
{
    public void Configure(EntityTypeBuilder<AttributeDefinition> builder)
    {
        builder.ToTable("attributes");
        builder.HasKey(a => a.Key);
        builder.Property(a => a.Key).HasMaxLength(AttributeDefinition.MaxKeyLength);
        // Few and rarely edited: what was read is compared itself.
        builder.Property(a => a.Label).HasMaxLength(CatalogLimits.Name).IsConcurrencyToken();
        builder.Property(a => a.Type).HasConversion<string>().HasMaxLength(16).IsConcurrencyToken();
        builder.Property(a => a.Filterable).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<ProductAttribute> builder)
    {
        builder.ToTable("product_attributes");
        builder.HasKey(a => new { a.ProductId, a.Key, a.Value });
        builder.Property(a => a.Value).HasMaxLength(ProductAttribute.MaxValueLength);
        builder.HasIndex(a => new { a.Key, a.Value, a.ProductId });
        builder.HasIndex(a => new { a.Key, a.Number });
        builder.HasOne<AttributeDefinition>().WithMany().HasForeignKey(a => a.Key);
    }
}
