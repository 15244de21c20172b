using System.Data;
using Commerce.Audit;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Orders;

/// <summary>Who changes an order, and why.</summary>
/// <param name="Reason">In the actor's own words, for the audit trail.</param>
/// <param name="ExpectedVersion">What the actor was looking at (<c>If-Match</c>); another version is refused. Null: whatever it is.</param>
public sealed record Instruction(Actor By, string? Reason = null, int? ExpectedVersion = null);

/// <summary>The one way to change an order: its row locked, one transaction, and a line in the audit trail.</summary>
internal static class OrderChange
{
    private static readonly CompiledQuery<Func<ShopDb, Guid, CancellationToken, Task<Order?>>> WholeOrder = new(() =>
        EF.CompileAsyncQuery((ShopDb db, Guid id, CancellationToken _) => db.Orders.Include(o => o.Lines).Include(o => o.Payment).FirstOrDefault(o => o.Id == id)));

    /// <summary>Runs <paramref name="change"/> and commits, unless it refuses: then nothing happened.</summary>
    /// <exception cref="OrderUnknownException">There is no such order.</exception>
    public static Task<Outcome<T>> ChangeOrderAsync<T>(this ShopDb db, Guid orderId, Func<Order, Task<Outcome<T>>> change, CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            var order = await db.LockOrderAsync(orderId, cancellation) ?? throw new OrderUnknownException(orderId);
            var outcome = await change(order);
            if (outcome.IsRefused) return outcome;
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return outcome;
        });

    /// <summary>The same for a person who names the order by its number, and may insist on the version that was looked at.</summary>
    public static async Task<Outcome<T>> ChangeOrderAsync<T>(this ShopDb db, string number, Instruction instruction, Func<Order, Task<Outcome<T>>> change, CancellationToken cancellation)
    {
        var id = await db.Orders.Numbered(number).Select(o => (Guid?)o.Id).FirstOrDefaultAsync(cancellation);
        if (id is null) return OrderRefusals.Unknown();
        return await db.ChangeOrderAsync<T>(id.Value, async order =>
            instruction.ExpectedVersion is { } seen && seen != order.Version ? OrderRefusals.Moved(order.Version) : await change(order), cancellation);
    }

    public static void AuditOrder(this ShopDb db, Order order, Instruction instruction, string action, object? details = null) =>
        db.Audit(instruction.By, action, Subject(order.Number), instruction.Reason, details);

    public static string Subject(string number) => $"order:{number}";

    /// <summary>The whole order, tracked, its row locked until the running transaction ends; null when there is none.</summary>
    private static async Task<Order?> LockOrderAsync(this ShopDb db, Guid orderId, CancellationToken cancellation)
    {
        await db.Database.ExecuteSqlRawAsync(Sql.ByKey + "; SELECT 1 FROM orders WHERE id = {0} FOR UPDATE", [orderId], cancellation);
        return await WholeOrder.For(db)(db, orderId, cancellation);
    }
}

/// <summary>Stripe, or a job, tells of an order the shop does not have; what it says is kept and tried again, for the database may be a restored one.</summary>
public sealed class OrderUnknownException(Guid orderId) : Exception($"There is no order {orderId}.");
