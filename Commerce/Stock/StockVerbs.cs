using System.Data;
using System.Text.Json.Serialization;
using Commerce.Audit;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Stock;

/// <summary>What staff do with stock. Each verb is one transaction with its ledger lines and its line in the audit trail.</summary>
public static class StockVerbs
{
    /// <summary>Adds units to a location, or takes them away. Never below what orders have been promised there.</summary>
    public static Task<Outcome<StockLevel>> AdjustStockAsync(this ShopDb db, Guid variantId, Guid locationId, int delta, StockInstruction instruction,
        DateTimeOffset now, CancellationToken cancellation) =>
        db.ChangeAsync(variantId, [locationId], new { locationId, delta }, instruction, now, async items =>
        {
            if (delta == 0) return new Refusal(StockRefusals.NoChange, "An adjustment by 0 is none; to say what was counted, count.");
            var item = items[locationId];
            if (item.OnHand + delta > StockItem.MaxOnHand) return StockRefusals.Full();
            if (item.OnHand + delta < item.Reserved && !item.AllowsBackorder) return StockRefusals.Promised(item, await db.UnsentAsync(item, cancellation));
            await db.ApplyAsync([new StockChange(item.Id, delta > 0 ? MovementKind.Received : MovementKind.Adjusted, delta, 0, Reason: instruction.Reason)], now, cancellation);
            db.Audit(instruction.By, "stock.adjusted", $"variant:{variantId}", instruction.Reason, new { locationId, delta });
            return null;
        }, locationId, cancellation);

    /// <summary>
    /// Brings a location to what was counted there: everything that is not sent yet, sold or not. Where it is not known how much of it is sold, as much as can be is:
    /// what is owed is never for sale.
    /// </summary>
    public static Task<Outcome<StockLevel>> CountStockAsync(this ShopDb db, Guid variantId, Guid locationId, int onHand, StockInstruction instruction,
        DateTimeOffset now, CancellationToken cancellation) =>
        db.ChangeAsync(variantId, [locationId], new { locationId, onHand }, instruction, now, async items =>
        {
            var (item, unsent) = (items[locationId], await db.UnsentAsync(items[locationId], cancellation));
            var sold = item.AllowsBackorder ? unsent.Most : Math.Clamp(onHand - item.Reserved, unsent.Least, unsent.Most);
            var refused = await db.CountInTransactionAsync([new StockCount(variantId, locationId, onHand - sold)], takesOwed: true, instruction.Reason ?? "count", now, cancellation);
            if (refused.Count > 0) return StockRefusals.Promised(item, unsent);
            db.Audit(instruction.By, "stock.counted", $"variant:{variantId}", instruction.Reason, new { locationId, before = item.OnHand + unsent.Units, onHand });
            return null;
        }, locationId, cancellation);

    /// <summary>Moves units that are not promised to anybody from one location to another. Answers the level of where they went.</summary>
    public static Task<Outcome<StockLevel>> TransferStockAsync(this ShopDb db, Guid variantId, Guid fromId, Guid toId, int quantity, StockInstruction instruction,
        DateTimeOffset now, CancellationToken cancellation) =>
        db.ChangeAsync(variantId, [fromId, toId], new { fromId, toId, quantity }, instruction, now, async items =>
        {
            if (fromId == toId) return new Refusal(StockRefusals.SameLocation, "A transfer goes to another location.");
            var (from, to) = (items[fromId], items[toId]);
            if (from.OnHand - from.Reserved < quantity) return StockRefusals.Promised(from, await db.UnsentAsync(from, cancellation));
            if (to.OnHand + quantity > StockItem.MaxOnHand) return StockRefusals.Full();
            await db.ApplyAsync(
            [
                new StockChange(from.Id, MovementKind.Transferred, -quantity, 0, Reason: instruction.Reason),
                new StockChange(to.Id, MovementKind.Transferred, quantity, 0, Reason: instruction.Reason),
            ], now, cancellation);
            db.Audit(instruction.By, "stock.transferred", $"variant:{variantId}", instruction.Reason, new { fromId, toId, quantity });
            return null;
        }, toId, cancellation);

    public static async Task<Outcome<BundleView>> FindBundleAsync(this ShopDb db, Guid variantId, CancellationToken cancellation) =>
        await db.Variants.AnyAsync(v => v.Id == variantId, cancellation) ? await db.ReadBundleAsync(variantId, cancellation) : StockRefusals.UnknownVariant();

    /// <summary>
    /// Makes a variant a bundle of others, or with no components an ordinary variant again. What orders have taken so far stays as it was taken. Refused while it has
    /// units of its own: nobody could buy or count them then.
    /// </summary>
    /// <param name="seen">The <see cref="BundleView.Version"/> the actor was looking at.</param>
    public static Task<Outcome<BundleView>> SetBundleAsync(this ShopDb db, Guid variantId, string seen, IReadOnlyList<BundlePart> parts, Actor actor, string? reason,
        CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync<Outcome<BundleView>>(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            await db.Database.ExecuteSqlAsync($"LOCK TABLE bundle_components IN SHARE ROW EXCLUSIVE MODE", cancellation);
            Guid[] ids = [.. parts.Select(p => p.VariantId)];
            if (await db.Variants.CountAsync(v => ids.Contains(v.Id) || v.Id == variantId, cancellation) != ids.Append(variantId).Distinct().Count())
                return StockRefusals.UnknownVariant();
            if ((await db.ReadBundleAsync(variantId, cancellation)).Version != seen) return new Refusal(StockRefusals.BundleChanged, "Somebody changed the bundle since you read it; read it again.");
            if (ids.Contains(variantId) || ids.Distinct().Count() != ids.Length
                || await db.BundleComponents.AnyAsync(c => ids.Contains(c.BundleId) || (ids.Length > 0 && c.ComponentId == variantId), cancellation))
                return new Refusal(StockRefusals.BundleNested, "A bundle is made of different variants that are no bundles, and is in no other bundle itself.");
            if (parts.Count > 0 && (await db.LockItemsAsync([variantId], cancellation)).Values.Any(i => i.VariantId == variantId && (i.OnHand != 0 || i.Reserved != 0)))
                return new Refusal(StockRefusals.HasUnits, "It has units of its own, or owes or promises some to orders: a bundle has only those of its components. Count them to 0 first.");
            await db.BundleComponents.Where(c => c.BundleId == variantId).ExecuteDeleteAsync(cancellation);
            db.BundleComponents.AddRange(parts.Select(p => new BundleComponent { BundleId = variantId, ComponentId = p.VariantId, Quantity = p.Quantity }));
            db.Audit(actor, "stock.bundle-set", $"variant:{variantId}", reason, new { parts });
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return new BundleView(variantId, parts);
        });

    private static async Task<BundleView> ReadBundleAsync(this ShopDb db, Guid variantId, CancellationToken cancellation) => new(variantId,
        await db.BundleComponents.AsNoTracking().Where(c => c.BundleId == variantId).OrderBy(c => c.ComponentId).Select(c => new BundlePart(c.ComponentId, c.Quantity)).ToListAsync(cancellation));

    /// <summary>One transaction around a change of a variant's stock, its items locked; those that are not there yet are made. What has happened under its name does not happen again.</summary>
    private static Task<Outcome<StockLevel>> ChangeAsync(this ShopDb db, Guid variantId, IReadOnlyList<Guid> locationIds, object wish, StockInstruction instruction, DateTimeOffset now,
        Func<Dictionary<Guid, StockItem>, Task<Refusal?>> change, Guid answeredLocationId, CancellationToken cancellation)
    {
        var attempt = new StockAttempt(variantId, wish, instruction.IdempotencyKey);
        return db.Database.CreateExecutionStrategy().ExecuteAsync<Outcome<StockLevel>>(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            // What is left of a withdrawn variant can still be counted, moved and written off.
            if (!await db.Variants.IgnoreQueryFilters().AnyAsync(v => v.Id == variantId, cancellation)) return StockRefusals.UnknownVariant();
            if (await db.Locations.CountAsync(l => locationIds.Contains(l.Id), cancellation) != locationIds.Distinct().Count()) return StockRefusals.UnknownLocation();
            await db.EnsureItemsAsync([.. locationIds.Distinct().Select(l => (variantId, l))], cancellation);
            var items = (await db.LockItemsAsync([variantId], cancellation)).ToDictionary(i => i.Key.LocationId, i => i.Value);
            // Asked under the lock: whoever makes it a bundle meanwhile holds the same.
            if (await db.BundleComponents.AnyAsync(c => c.BundleId == variantId, cancellation))
                return new Refusal(StockRefusals.IsBundle, "A bundle has no stock of its own; change that of its components.");
            if (await attempt.FindAnswerAsync(db, cancellation) is { } earlier) return earlier;
            if (await change(items) is { } refusal) return refusal;
            var levels = await db.StockItems.AsNoTracking().Where(s => s.VariantId == variantId && s.LocationId == answeredLocationId).SelectLevels(db).ToListAsync(cancellation);
            var answer = (await levels.WithUnsentAsync(db, cancellation)).Single();
            attempt.Remember(db, answer, now);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return answer;
        });
    }

    private static async Task<Unsent> UnsentAsync(this ShopDb db, StockItem item, CancellationToken cancellation) =>
        (await db.UnsentAsync([item.VariantId], cancellation)).GetValueOrDefault((item.VariantId, item.LocationId));
}

/// <summary>What a bundle is made of; nothing, if the variant is none.</summary>
public sealed record BundleView(Guid VariantId, IReadOnlyList<BundlePart> Components)
{
    /// <summary>Differs between any two bundles: what is in it, and how many of each.</summary>
    [JsonIgnore]
    public string Version => string.Join(' ', Components.OrderBy(c => c.VariantId).Select(c => $"{c.VariantId:N}x{c.Quantity}"));
}

/// <summary>A variant in a bundle, and how many of it one bundle takes.</summary>
public sealed record BundlePart(Guid VariantId, int Quantity);
