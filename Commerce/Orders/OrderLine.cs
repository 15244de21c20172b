using Commerce.Stock;

namespace Commerce.Orders;

/// <summary>A line as it was bought; it stays what it is when the catalogue changes. Its units are sent, cancelled or still to be sent.</summary>
public sealed class OrderLine
{
    public required Guid OrderId { get; init; }
    public required int Position { get; init; }
    public required Guid VariantId { get; init; }
    public required string? Sku { get; init; }
    public required string ProductSlug { get; init; }
    public required string Title { get; init; }
    public required string VariantTitle { get; init; }
    public required int Quantity { get; init; }
    public required long UnitPriceMinor { get; init; }
    public required decimal VatPercent { get; init; }

    /// <summary>The whole line without tax, its tax, and both: exact shares of what the order comes to.</summary>
    public long NetMinor { get; init; }
    public long TaxMinor { get; init; }
    public long GrossMinor { get; init; }
    /// <summary>Of a bundle: what one unit was made of when its stock was taken, for it may be made of other things later. Null: no bundle.</summary>
    public IReadOnlyList<BundlePart>? Components { get; internal set; }

    /// <summary>The stock that one unit takes.</summary>
    internal IReadOnlyList<BundlePart> Parts => Components ?? [new BundlePart(VariantId, 1)];

    public string? ImageHash { get; init; }
    public string? ImageAlt { get; init; }
    public int? ImageWidth { get; init; }
    public int? ImageHeight { get; init; }

    /// <summary>Units on their way or arrived.</summary>
    public int FulfilledQuantity { get; private set; }

    /// <summary>Units that never will be sent: they were given money for before, or the shopper had it back anyway.</summary>
    public int CancelledQuantity { get; private set; }

    /// <summary>Units that were sent and given money for.</summary>
    public int ReturnedQuantity { get; private set; }

    public long LineTotalMinor => UnitPriceMinor * Quantity;

    /// <summary>Units still to be sent.</summary>
    public int UnsentQuantity => Quantity - FulfilledQuantity - CancelledQuantity;

    /// <summary>Units that were not taken back: nobody has been given money for them.</summary>
    public int RefundableQuantity => Quantity - CancelledQuantity - ReturnedQuantity;

    /// <summary>
    /// What so many units cost, in minor units: whole steps of what can be sent back to a card. Whole units rarely divide a line with tax evenly; what more of them
    /// cost is the difference to those before, so that all of them are the line to the cent.
    /// </summary>
    internal long ShareMinor(int quantity, int step) => quantity == Quantity ? GrossMinor : GrossMinor * quantity / Quantity / step * step;

    internal void Send(int quantity)
    {
        if (quantity <= 0 || quantity > UnsentQuantity) throw new InvalidOperationException($"Line {Position} has {UnsentQuantity} units to send, not {quantity}.");
        FulfilledQuantity += quantity;
    }

    internal void TakeBack(int quantity)
    {
        if (quantity <= 0 || quantity > RefundableQuantity) throw new InvalidOperationException($"Line {Position} has {RefundableQuantity} units to refund, not {quantity}.");
        var unsent = Math.Min(UnsentQuantity, quantity);
        CancelledQuantity += unsent;
        ReturnedQuantity += quantity - unsent;
    }
}
