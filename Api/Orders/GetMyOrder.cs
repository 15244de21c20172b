using Api.Accounts;
using Commerce;
using Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Orders;

/// <summary><c>GET /account/orders/{number}</c></summary>
public static class GetMyOrder
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/account/orders/{number}", HandleAsync)
        .WithName(nameof(GetMyOrder)).WithTags("Accounts").WithSummary("An order of whoever is signed in; anybody else's is not found.").RequireSession()
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<OrderView>, ProblemHttpResult>> HandleAsync(string number, Customer customer, ShopDb db, CancellationToken cancellation) =>
        (await db.FindCustomerOrderAsync(customer.RequireId(), number, cancellation)).Answer();
}
