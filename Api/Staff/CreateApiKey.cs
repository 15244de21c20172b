using System.ComponentModel.DataAnnotations;
using Api.Document;
using Commerce;
using Commerce.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Staff;

/// <summary>A key for a machine. A scope is an area and what may be done there, such as orders:read; write includes reading.</summary>
public sealed record ApiKeyRequest(
    [property: Required, OneLine, StringLength(ApiKey.MaxNameLength, MinimumLength = 1)] string Name,
    [property: Required, MinLength(1), MaxLength(20), KnownScopes] IReadOnlyList<string> Scopes);

/// <summary>The key and its text, which is shown this once.</summary>
public sealed record NewApiKey(ApiKeyView ApiKey, string Secret);

/// <summary><c>POST /admin/api-keys</c></summary>
public static class CreateApiKey
{
    public static void Map(IEndpointRouteBuilder admin) => admin.MapPost("/api-keys", HandleAsync)
        .WithName(nameof(CreateApiKey)).WithTags("Staff").WithSummary("Makes an API key. Its secret is in this answer and nowhere else.")
        .ProducesValidationProblem();

    private static async Task<Created<NewApiKey>> HandleAsync(ApiKeyRequest request, StaffCall call, ShopDb db, CancellationToken cancellation)
    {
        var (key, text) = await db.CreateApiKeyAsync(call.Actor, call.Reason, request.Name.Trim(), request.Scopes, cancellation);
        return TypedResults.Created($"/api/v1/admin/api-keys/{key.Id}", new NewApiKey(key, text));
    }
}

/// <summary>Only scopes of <see cref="StaffArea"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KnownScopesAttribute : ValidationAttribute, IKnownWords
{
    public static readonly IReadOnlyList<string> Scopes = [.. StaffArea.All.SelectMany(area => (string[])[$"{area}:read", $"{area}:write"])];

    public KnownScopesAttribute()
        : base($"Each must be one of {string.Join(", ", Scopes)}.")
    {
    }

    public IReadOnlyList<string> Words => Scopes;

    public override bool IsValid(object? value) => value is IReadOnlyList<string> scopes && scopes.All(Scopes.Contains);
}
