using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Pricing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Shipping;

/// <summary>What holds for the whole shop: whether prices contain tax, and when a variant counts as low.</summary>
public sealed record ShopPolicyRequest(bool PricesIncludeTax, [property: Range(0, 1_000_000)] int LowStockThreshold, [property: Range(0, 1_000_000)] int LowStockMargin);

/// <summary><c>GET</c> and <c>PUT /admin/shop-policy</c></summary>
public static class ShopPolicies
{
    public static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapGet("/shop-policy", FindAsync).WithName("GetShopPolicy").WithTags("Shipping").WithSummary("Whether prices contain tax, and when a variant counts as low. Its ETag is for If-Match.");
        staff.MapPut("/shop-policy", SetAsync).WithName("SetShopPolicy").WithTags("Shipping")
            .WithSummary("Decides whether prices contain tax, and when a variant counts as low: each is judged anew with the next change of its stock.").ProducesValidationProblem();
    }

    private static async Task<ShopPolicyRequest> FindAsync(ShopDb db, HttpContext context, CancellationToken cancellation) => Show(await db.FindPolicyAsync(cancellation), context);

    private static Task<Results<Ok<ShopPolicyRequest>, ProblemHttpResult>> SetAsync(
        ShopPolicyRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, HttpContext context, CancellationToken cancellation) =>
        db.ChangeSettingsAsync(ifMatch,
            seen => db.SetPolicyAsync(seen, request.PricesIncludeTax, request.LowStockThreshold, request.LowStockMargin, call.Actor, call.Reason, cancellation),
            policy => Show(policy, context), cancellation);

    private static ShopPolicyRequest Show(ShopPolicy policy, HttpContext context) =>
        context.Tagged(new ShopPolicyRequest(policy.PricesIncludeTax, policy.LowStockThreshold, policy.LowStockMargin), policy.Version);
}
