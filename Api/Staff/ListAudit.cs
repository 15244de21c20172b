using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Staff;

/// <summary><c>GET /admin/audit</c></summary>
public static class ListAudit
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/audit", HandleAsync)
        .WithName(nameof(ListAudit)).WithTags("Staff").WithSummary("Who did what to which thing, and why; newest first.")
        .ProducesValidationProblem();

    private static async Task<Results<Ok<AuditPage>, ProblemHttpResult>> HandleAsync(
        ShopDb db, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 50,
        [StringLength(RowCursor.Length), Description("nextCursor of the page before.")] string? cursor = null,
        [StringLength(300), Description("""
            Only what was done to this thing, such as order:OG-7K3M-9QXT: all lines of this subject. Of a product or collection, which go by their slugs, such as product:tide, also the lines
            under slugs that the one which has this slug now had before, as far as a line says by an id in its details that it is about this one: another product or collection
            may have had the same slug at another time. For that reason lines of this subject itself may be about another one; their ids tell.
            """)] string? subject = null) =>
        (await db.ListAuditAsync(subject, limit, cursor, cancellation)).Answer();
}
