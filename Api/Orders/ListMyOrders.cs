using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Api.Accounts;
using Commerce;
using Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Orders;

/// <summary><c>GET /account/orders</c></summary>
public static class ListMyOrders
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/account/orders", HandleAsync)
        .WithName(nameof(ListMyOrders)).WithTags("Accounts").WithSummary("The orders of whoever is signed in, newest first.").RequireSession()
        .ProducesValidationProblem();

    private static async Task<Results<Ok<CustomerOrderPage>, ProblemHttpResult>> HandleAsync(
        Customer customer, ShopDb db, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 20,
        [StringLength(IdCursor.Length), Description("nextCursor of the page before.")] string? cursor = null) =>
        (await db.ListCustomerOrdersAsync(customer.RequireId(), limit, cursor, cancellation)).Answer();
}
