using Npgsql;

namespace Commerce.Baskets;

/// <summary>
/// The lines of a basket beside the stock they share: a bundle takes that of its components, which may be in the basket themselves. Lines are served in
/// the order in which they were put in, so of two that want the same units the later one falls short.
/// </summary>
internal sealed class BasketStock
{
    private readonly string _currency;
    private readonly bool _pricesIncludeTax;
    private readonly List<Line> _lines;
    private readonly ILookup<Guid, Part> _parts;

    private BasketStock(string currency, bool pricesIncludeTax, List<Line> lines, IEnumerable<Part> parts) =>
        (_currency, _pricesIncludeTax, _lines, _parts) = (currency, pricesIncludeTax, lines, parts.ToLookup(p => p.BundleId));

    /// <summary>Adds what the bundles of a basket are made of, with the stock of that.</summary>
    public static void AddParts(NpgsqlBatch batch, string basketId) => batch.Add($"""
        SELECT c.bundle_id, c.component_id, c.quantity, ({Stock.Backorders.LyingOf} c.component_id), stock.orderable FROM basket_lines l
        JOIN bundle_components c ON c.bundle_id = l.variant_id JOIN variant_availability stock ON stock.variant_id = c.component_id
        WHERE l.basket_id = $1
        """).With(basketId);

    /// <summary>From the results of <see cref="LineReading.SelectWithStock"/>, at which the reader stands, and of <see cref="AddParts"/>.</summary>
    public static async Task<BasketStock> ReadAsync(NpgsqlDataReader reader, string currency, bool pricesIncludeTax, CancellationToken cancellation)
    {
        var lines = await reader.ToListAsync(r => new Line(LineReading.Of(r), new Units(r.GetInt64(LineReading.Width + 1), r.GetInt32(LineReading.Width + 2))), cancellation);
        await reader.NextResultAsync(cancellation);
        return new BasketStock(currency, pricesIncludeTax, lines, await reader.ToListAsync(r => new Part(r.GetGuid(0), r.GetGuid(1), r.GetInt32(2), new Units(r.GetInt64(3), r.GetInt32(4))), cancellation));
    }

    public BasketView View(string id)
    {
        var left = Left();
        var lines = _lines.ConvertAll(line =>
        {
            var (possible, isOwed) = (Possible(line, left), IsOwed(line, left));
            Take(line, left);
            return ViewOf(line, possible, isOwed);
        });
        var sold = _lines.Where(l => l.Reading.Obstacle is null).Sum(l => l.Reading.UnitPriceMinor * l.Reading.Quantity);
        return new BasketView(id, lines, lines.Sum(l => l.Quantity), new Money(sold, _currency), _currency, _pricesIncludeTax);
    }

    /// <summary>How many units of a line's variant there are once every other line has its own.</summary>
    public int LeftFor(Guid variantId)
    {
        var left = Left();
        foreach (var other in _lines.Where(l => l.Reading.VariantId != variantId)) Take(other, left);
        return _lines.Find(l => l.Reading.VariantId == variantId) is { } line ? Possible(line, left) : 0;
    }

    /// <summary>By variant that has stock of its own.</summary>
    private Dictionary<Guid, Units> Left()
    {
        var left = _lines.Where(l => !_parts.Contains(l.Reading.VariantId)).ToDictionary(l => l.Reading.VariantId, l => l.Units);
        foreach (var part in _parts.SelectMany(p => p)) left[part.ComponentId] = part.Units;
        return left;
    }

    /// <summary>Takes the line's units if they are all there.</summary>
    private void Take(Line line, Dictionary<Guid, Units> left)
    {
        if (line.Reading.Obstacle is not null || Possible(line, left) < line.Reading.Quantity) return;
        foreach (var (variantId, units) in Needs(line)) left[variantId] = left[variantId].Less((long)units * line.Reading.Quantity);
    }

    private int Possible(Line line, Dictionary<Guid, Units> left) => (int)Needs(line).Min(need => left[need.VariantId] is { IsEndless: false } units ? units.Orderable / need.Units : int.MaxValue);

    /// <summary>Whether the line's buyer would wait for units of anything, as <see cref="Stock.AwaitedUnits"/> counts them.</summary>
    private bool IsOwed(Line line, Dictionary<Guid, Units> left) => Needs(line).Any(need => left[need.VariantId].Lying < (long)need.Units * line.Reading.Quantity);

    private IEnumerable<(Guid VariantId, int Units)> Needs(Line line) =>
        _parts.Contains(line.Reading.VariantId) ? _parts[line.Reading.VariantId].Select(p => (p.ComponentId, p.Quantity)) : [(line.Reading.VariantId, 1)];

    private BasketLineView ViewOf(Line line, int possible, bool isOwed)
    {
        var (reading, quantity) = (line.Reading, line.Reading.Quantity);
        var obstacle = reading.Obstacle ?? (possible < quantity ? LineObstacles.OutOfStock : reading.Rule.Allows(quantity) ? null : LineObstacles.QuantityNotAllowed);
        return new BasketLineView(
            reading.VariantId, reading.Sku, reading.ProductSlug, reading.Title, reading.VariantTitle, reading.Image, quantity,
            In(reading.PriceMinor), In(reading.PriceMinor * quantity), obstacle is null, obstacle, reading.Obstacle is null ? reading.Rule.Within(possible) : 0,
            reading.Rule.Min, reading.Rule.Step, obstacle is null && isOwed);

        Money? In(long? amountMinor) => amountMinor is { } amount ? new Money(amount, _currency) : null;
    }

    /// <summary>With the units of its variant as if the line were alone.</summary>
    private sealed record Line(LineReading Reading, Units Units);

    private sealed record Part(Guid BundleId, Guid ComponentId, int Quantity, Units Units);

    /// <summary>Units of a variant that nobody has been promised.</summary>
    /// <param name="Lying">In all locations, without what one of them owes. Below zero where the basket is owed some itself.</param>
    /// <param name="Orderable">As of <see cref="Stock.Availability"/>.</param>
    private readonly record struct Units(long Lying, long Orderable)
    {
        /// <summary>What may be owed has no end.</summary>
        public bool IsEndless => Orderable == int.MaxValue;

        public Units Less(long taken) => new(Lying - taken, IsEndless ? Orderable : Orderable - taken);
    }
}
