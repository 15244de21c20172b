using Api.Staff;
using Commerce;
using Commerce.Orders;

namespace Api.Orders.Staff;

/// <summary>Who of staff changes an order and why, with what they were looking at where they say so.</summary>
internal static class StaffInstruction
{
    /// <summary>No version of any order: whoever names it in If-Match looked at something that is gone.</summary>
    private const int Gone = -1;

    /// <summary>If-Match may be left out here: the order's own rules decide, and a repeated request with a known Idempotency-Key is answered whatever it says.</summary>
    public static async Task<Instruction> OfAsync(StaffCall call, string? ifMatch, ShopDb db, string number, CancellationToken cancellation)
    {
        if (ifMatch is null or "*") return new Instruction(call.Actor, call.Reason);
        var version = await db.FindOrderVersionAsync(number, cancellation);
        return new Instruction(call.Actor, call.Reason, version is not null && new IfMatch(ifMatch).Refuses(version) is null ? version : Gone);
    }
}
