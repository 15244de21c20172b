using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Orders.Staff;

/// <summary><c>GET /admin/orders</c></summary>
public static class ListOrders
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/orders", HandleAsync)
        .WithName(nameof(ListOrders)).WithTags("Staff orders").WithSummary("Orders, newest first.")
        .ProducesValidationProblem();

    private static async Task<Results<Ok<StaffOrderPage>, ProblemHttpResult>> HandleAsync(
        ShopDb db, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 50,
        [StringLength(IdCursor.Length), Description("nextCursor of the page before.")] string? cursor = null,
        [Matches("awaiting-payment|authorised|paid|cancelled|expired"), Description("Only orders in this state: awaiting-payment, authorised, paid, cancelled or expired.")] string? status = null,
        [Matches("unfulfilled|partial|fulfilled"), Description("Only orders of which so much was sent: unfulfilled (and something can be), partial or fulfilled.")] string? fulfilment = null,
        [Description("Only orders that are or were disputed.")] bool disputed = false,
        [Description("Only orders with a dispute that is not closed.")] bool openDispute = false,
        [StringLength(254), Description("The beginning of an order number or of a mail address, or words that begin words of the recipient's name, with or without accents: anna smi.")] string? search = null) =>
        (await db.ListStaffOrdersAsync(new StaffOrderQuery(limit, cursor, Parse<OrderStatus>(status), Parse<FulfilmentStatus>(fulfilment), disputed, openDispute, search), cancellation)).Answer();

    private static T? Parse<T>(string? word) where T : struct, Enum => word is null ? null : KnownWord.Read<T>(word);
}
