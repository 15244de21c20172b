using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.OnCall;

/// <summary>What one process knows and PostgreSQL would not: that its loops turn, that its calls to the payment gateway fail. One row per name and node.</summary>
public sealed class Signal
{
    /// <summary>The loop that takes jobs.</summary>
    public const string Pump = "pump";

    /// <summary>The loop that hands outbox rows to Redis.</summary>
    public const string Relay = "relay";

    public const string PaymentGateway = "payment-gateway";

    public required string Name { get; init; }

    /// <summary>Host and process id.</summary>
    public required string Node { get; init; }

    public required bool IsBad { get; init; }
    public string? Detail { get; init; }

    /// <summary>When the loop turned last, or when the rest was true; by PostgreSQL's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Characters.</summary>
    public const int MaxDetail = 500;
}

internal sealed class SignalMapping : IEntityTypeConfiguration<Signal>
{
    public void Configure(EntityTypeBuilder<Signal> signal)
    {
        signal.ToTable("signals");
        signal.HasKey(s => new { s.Name, s.Node });
        signal.Property(s => s.Name).HasMaxLength(40);
        signal.Property(s => s.Node).HasMaxLength(120);
        signal.Property(s => s.Detail).HasMaxLength(Signal.MaxDetail);
    }
}
