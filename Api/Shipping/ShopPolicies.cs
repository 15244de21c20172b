using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Pricing;
using Commerce.Shipping;

namespace Api.Shipping;

/// <summary>What holds for the whole shop: whether prices contain tax, and when a variant counts as low.</summary>
public sealed record ShopPolicyRequest(bool PricesIncludeTax, [property: Range(0, 1_000_000)] int LowStockThreshold, [property: Range(0, 1_000_000)] int LowStockMargin);

/// <summary><c>GET</c> and <c>PUT /admin/shop-policy</c></summary>
public static class ShopPolicies
{
    public static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapGet("/shop-policy", FindAsync).WithName("GetShopPolicy").WithTags("Shipping").WithSummary("Whether prices contain tax, and when a variant counts as low.");
        staff.MapPut("/shop-policy", SetAsync).WithName("SetShopPolicy").WithTags("Shipping").WithSummary("Decides whether prices contain tax, and when a variant counts as low.")
            .ProducesValidationProblem();
    }

    private static async Task<ShopPolicyRequest> FindAsync(ShopDb db, CancellationToken cancellation) => Of(await db.FindPolicyAsync(cancellation));

    private static async Task<ShopPolicyRequest> SetAsync(ShopPolicyRequest request, StaffCall call, ShopDb db, CancellationToken cancellation) =>
        Of(await db.SetPolicyAsync(request.PricesIncludeTax, request.LowStockThreshold, request.LowStockMargin, call.Actor, call.Reason, cancellation));

    private static ShopPolicyRequest Of(ShopPolicy policy) => new(policy.PricesIncludeTax, policy.LowStockThreshold, policy.LowStockMargin);
}
