using System.Data;
using System.Text.Json.Serialization;
using Commerce.Audit;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Pricing;

/// <summary>The currencies of new baskets (ISO 4217), the shop's own first.</summary>
public sealed record CurrencyList(IReadOnlyList<string> Items)
{
    /// <summary><see cref="ShopPolicy.Version"/>, read before the currencies.</summary>
    [JsonIgnore]
    public int Version { get; init; }
}

/// <summary>What staff decide for the whole shop: one version for all of it, so one change at a time. Orders already placed stay as they are.</summary>
public static class ShopSettings
{
    /// <summary>What the merchant has decided for the whole shop.</summary>
    public static Task<ShopPolicy> FindPolicyAsync(this ShopDb db, CancellationToken cancellation) => db.ShopPolicies.AsNoTracking().SingleAsync(cancellation);

    public static Task<int> FindSettingsVersionAsync(this ShopDb db, CancellationToken cancellation) => db.ShopPolicies.Select(p => p.Version).SingleAsync(cancellation);

    /// <summary>A variant is judged by other numbers for "low" with the next change of its stock.</summary>
    /// <param name="seen">The version the actor was looking at.</param>
    public static async Task<Outcome<ShopPolicy>> SetPolicyAsync(this ShopDb db, int seen, bool pricesIncludeTax, int lowStockThreshold, int lowStockMargin, Actor actor,
        string? reason, CancellationToken cancellation)
    {
        var changed = await db.ChangeSettingsAsync(seen, policy =>
        {
            (policy.PricesIncludeTax, policy.LowStockThreshold, policy.LowStockMargin) = (pricesIncludeTax, lowStockThreshold, lowStockMargin);
            db.Audit(actor, "shop.policy-set", "shop:policy", reason, new { pricesIncludeTax, lowStockThreshold, lowStockMargin });
            return Task.CompletedTask;
        }, cancellation);
        return changed is null ? await db.FindPolicyAsync(cancellation) : changed;
    }

    public static async Task<CurrencyList> ListCurrenciesAsync(this ShopDb db, CancellationToken cancellation)
    {
        var version = await db.FindSettingsVersionAsync(cancellation);
        var offered = await db.Currencies.AsNoTracking().Where(c => c.IsOffered).Select(c => c.Code).ToListAsync(cancellation);
        return new CurrencyList([.. offered.OrderBy(c => c != Money.ShopCurrency).ThenBy(c => c, StringComparer.Ordinal)]) { Version = version };
    }

    /// <summary>
    /// From now on new baskets may be in these currencies and no others. A basket that is in another one already can still be ordered.
    /// Prices and rates in a new currency are set afterwards; without them nothing can be bought in it.
    /// </summary>
    /// <param name="seen">The version the actor was looking at.</param>
    public static async Task<Outcome<CurrencyList>> ReplaceCurrenciesAsync(this ShopDb db, int seen, IReadOnlyList<string> codes, Actor actor, string? reason, CancellationToken cancellation)
    {
        if (!codes.Contains(Money.ShopCurrency)) return new Refusal(PricingRefusals.ShopCurrencyMissing, $"The shop's own currency, {Money.ShopCurrency}, cannot be given up.");
        if (codes.FirstOrDefault(c => !SellableCurrencies.Contains(c)) is { } other)
            return new Refusal(PricingRefusals.CurrencyNotSellable, $"'{other}' is no currency this shop can sell in.");
        var changed = await db.ChangeSettingsAsync(seen, async _ =>
        {
            var known = await db.Currencies.ToListAsync(cancellation);
            foreach (var currency in known) currency.IsOffered = codes.Contains(currency.Code);
            db.Currencies.AddRange(codes.Distinct().Except(known.Select(c => c.Code)).Select(code => new Currency { Code = code }));
            db.Audit(actor, "shop.currencies-replaced", "shop:currencies", reason, new { codes });
        }, cancellation);
        return changed is null ? await db.ListCurrenciesAsync(cancellation) : changed;
    }

    /// <summary>One transaction around a change of settings, all others waiting. Refuses, with nothing changed, what was decided on an older state.</summary>
    internal static Task<Refusal?> ChangeSettingsAsync(this ShopDb db, int seen, Func<ShopPolicy, Task> change, CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM shop_policy FOR UPDATE", cancellation);
            var policy = await db.ShopPolicies.SingleAsync(cancellation);
            if (policy.Version != seen) return new Refusal(PricingRefusals.SettingsChanged, "Somebody changed what holds for the whole shop since you read it; read it again.");
            policy.Version++;
            await change(policy);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return null;
        });
}
