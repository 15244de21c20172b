using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Orders;

/// <summary>One parcel, or several under one tracking number: which units of an order left, and how to follow them.</summary>
public sealed class Fulfilment
{
    public const int MaxText = 120;
    public const int MaxUrl = 500;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid OrderId { get; init; }
    public string? Carrier { get; private set; }
    public string? TrackingNumber { get; private set; }
    public string? TrackingUrl { get; private set; }
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>The caller's name for this attempt: the same key is the same fulfilment.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the request under that key.</summary>
    public required string Fingerprint { get; init; }

    public List<FulfilmentLine> Lines { get; init; } = [];

    /// <summary>Whether a number or an address is known by which the parcel can be followed.</summary>
    public bool CanBeFollowed => TrackingNumber is { Length: > 0 } || TrackingUrl is { Length: > 0 };

    /// <summary>Whether there is a number or an address in it that the parcel does not have: the shopper could not follow it by that.</summary>
    public bool IsNewsOf(Tracking tracking) =>
        (tracking.Number is { Length: > 0 } number && number != TrackingNumber) || (tracking.Url is { Length: > 0 } url && url != TrackingUrl);

    public void Track(Tracking tracking) => (Carrier, TrackingNumber, TrackingUrl) = (tracking.Carrier, tracking.Number, tracking.Url);
}

/// <summary>How to follow a parcel. Each part may be missing: a letter has none.</summary>
public sealed record Tracking(string? Carrier, string? Number, string? Url);

/// <summary>How many units of an order's line a fulfilment carries.</summary>
public sealed class FulfilmentLine
{
    public required Guid FulfilmentId { get; init; }

    /// <summary>Of the order's line.</summary>
    public required int Position { get; init; }

    public required int Quantity { get; init; }
}

internal sealed class FulfilmentMapping : IEntityTypeConfiguration<Fulfilment>, IEntityTypeConfiguration<FulfilmentLine>
{
    public void Configure(EntityTypeBuilder<Fulfilment> builder)
    {
        builder.ToTable("fulfilments");
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.Property(f => f.Carrier).HasMaxLength(Fulfilment.MaxText);
        builder.Property(f => f.TrackingNumber).HasMaxLength(Fulfilment.MaxText);
        builder.Property(f => f.TrackingUrl).HasMaxLength(Fulfilment.MaxUrl);
        builder.Property(f => f.IdempotencyKey).HasMaxLength(IdempotencyRecord.MaxKeyLength);
        builder.Property(f => f.Fingerprint).HasMaxLength(64);
        builder.HasIndex(f => new { f.OrderId, f.IdempotencyKey }).IsUnique();
        builder.HasMany(f => f.Lines).WithOne().HasForeignKey(l => l.FulfilmentId);
    }

    public void Configure(EntityTypeBuilder<FulfilmentLine> builder)
    {
        builder.ToTable("fulfilment_lines", t => t.HasCheckConstraint("ck_fulfilment_lines_quantity", "quantity > 0"));
        builder.HasKey(l => new { l.FulfilmentId, l.Position });
    }
}
