using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Catalog.Staff;

/// <summary>What staff decide about an attribute. Type is text, number or boolean; only what is filterable is offered to shoppers as a filter.</summary>
public sealed record AttributeRequest([property: Required, StringLength(CatalogLimits.Name, MinimumLength = 1)] string Label, AttributeType Type, bool Filterable);

/// <summary><c>GET /admin/attributes</c>, <c>GET</c> and <c>PUT /admin/attributes/{key}</c></summary>
public static class Attributes
{
    public static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapGet("/attributes", async (ShopDb db, CancellationToken cancellation) => TypedResults.Ok(await db.ListAttributesAsync(cancellation)))
            .WithName("ListAttributes").WithTags("Staff").WithSummary("All attributes products have, with their types and how many products have them.");
        staff.MapGet("/attributes/{key}", ReadAsync).WithName("ReadAttribute").WithTags("Staff").WithSummary("One attribute with the ETag an edit needs.").ProducesProblem(StatusCodes.Status404NotFound);
        staff.MapPut("/attributes/{key}", ChangeAsync).WithName("ChangeAttribute").WithTags("Staff")
            .WithSummary("Says what an attribute is called, what its values are, and whether shoppers may filter by it. Another type is refused while a value cannot be read as one.")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Results<Ok<AttributeRequest>, ProblemHttpResult>> ReadAsync(string key, ShopDb db, HttpContext context, CancellationToken cancellation) =>
        await db.FindAsync<AttributeDefinition>([key], cancellation) is { } definition ? Answer(definition, context) : Missing(key);

    private static async Task<Results<Ok<AttributeRequest>, ProblemHttpResult>> ChangeAsync(
        string key, AttributeRequest request, IfMatch ifMatch, StaffCall call, ShopDb db, HttpContext context, CancellationToken cancellation)
    {
        if (await db.FindAsync<AttributeDefinition>([key], cancellation) is not { } definition) return Missing(key);
        if (ifMatch.Refuses(Version(definition)) is { } changed) return changed;
        var text = new AttributeText(request.Label, request.Type, request.Filterable);
        return await db.DescribeAsync(definition, text, call.Actor, call.Reason, cancellation) is { } refusal ? refusal.Problem() : Answer(definition, context);
    }

    private static Ok<AttributeRequest> Answer(AttributeDefinition definition, HttpContext context)
    {
        context.SetETag(Version(definition));
        return TypedResults.Ok(new AttributeRequest(definition.Label, definition.Type, definition.Filterable));
    }

    internal static string Version(AttributeDefinition definition) => $"{definition.Type}|{definition.Filterable}|{definition.Label}";

    internal static ProblemHttpResult Missing(string key) => new Refusal(CatalogRefusals.AttributeNotFound, $"No product has an attribute '{key}'.").Problem();
}
