using Commerce;
using Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Orders.Staff;

/// <summary><c>GET /admin/orders/{number}</c></summary>
public static class ReadOrder
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/orders/{number}", HandleAsync)
        .WithName(nameof(ReadOrder)).WithTags("Staff orders").WithSummary("An order with everything that happened to it: fulfilments, refunds, disputes, the payment ledger and the audit trail. Its ETag is for If-Match.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<StaffOrderView>, ProblemHttpResult>> HandleAsync(string number, HttpContext context, ShopDb db, CancellationToken cancellation)
    {
        var order = await db.FindStaffOrderAsync(number, cancellation);
        if (!order.IsRefused) context.SetETag(order.Value.Version);
        return order.Answer();
    }
}
