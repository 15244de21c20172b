using Commerce.Audit;
using Commerce.Orders;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Payments;

/// <summary>What staff do with a difference that no run resolves, because what explains it lies outside Stripe and the ledger.</summary>
public static class DifferenceVerbs
{
    /// <summary>
    /// Takes it off the open ones for as long as its amounts are those that were seen, and says so in the trail of its order. Of one that is acknowledged as it is
    /// the acknowledgement stands, whoever repeats it.
    /// </summary>
    /// <param name="stripeMinor">The amounts that the actor was looking at, as <see cref="ReconciliationDifference"/> has them.</param>
    public static Task<Outcome<DifferenceView>> AcknowledgeAsync(
        this ShopDb db, Guid id, long? stripeMinor, long? ledgerMinor, Instruction instruction, TimeProvider clock, CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync<Outcome<DifferenceView>>(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            if (await db.ReconciliationDifferences.FromSql($"SELECT * FROM reconciliation_differences WHERE id = {id} FOR UPDATE").ToListAsync(cancellation) is not [var difference])
                return new Refusal(PaymentRefusals.DifferenceNotFound, $"There is no difference {id}.");
            if (difference.ResolvedAt is not null) return new Refusal(PaymentRefusals.DifferenceResolved, "The difference is no longer there.");
            if ((difference.StripeMinor, difference.LedgerMinor) != (stripeMinor, ledgerMinor))
                return new Refusal(PaymentRefusals.DifferenceChanged, "The difference has other amounts by now; look at it again.");
            var number = await db.Orders.Where(o => o.Id == difference.OrderId).Select(o => o.Number).FirstOrDefaultAsync(cancellation);
            if (difference.IsAcknowledged) return DifferenceView.Of(difference, number);
            (difference.AcknowledgedAt, difference.AcknowledgedBy, difference.AcknowledgedReason) = (clock.StoredNow(), instruction.By.Name, instruction.Reason);
            (difference.AcknowledgedStripeMinor, difference.AcknowledgedLedgerMinor) = (stripeMinor, ledgerMinor);
            db.Audit(instruction.By, "reconciliation.difference-acknowledged", number is null ? $"difference:{id}" : OrderChange.Subject(number), instruction.Reason,
                new { id, kind = KnownWord.Of(difference.Kind), difference.StripeId, stripeMinor, ledgerMinor });
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return DifferenceView.Of(difference, number);
        });
}
