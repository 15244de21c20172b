using Commerce;
using Commerce.Orders;
using Microsoft.EntityFrameworkCore;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Reading what a mail about a parcel says.</summary>
internal static class Parcels
{
    /// <summary>The parcel, and its order with lines and fulfilments.</summary>
    /// <exception cref="JobFailedException">The order is gone: nobody is to be mailed.</exception>
    public static async Task<(Order Order, Fulfilment Parcel)> FindParcelAsync(this ShopDb db, Guid fulfilmentId, CancellationToken cancellation)
    {
        var order = await db.Orders.AsNoTracking().AsSplitQuery().Include(o => o.Lines).Include(o => o.Fulfilments).ThenInclude(f => f.Lines)
            .FirstOrDefaultAsync(o => o.Fulfilments.Any(f => f.Id == fulfilmentId), cancellation)
            ?? throw new JobFailedException(FailureKind.Ignore, "order-gone", $"The order of fulfilment {fulfilmentId} is no longer there.");
        return (order, order.Fulfilments.Single(f => f.Id == fulfilmentId));
    }
}
