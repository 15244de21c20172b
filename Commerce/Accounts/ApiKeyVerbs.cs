using Commerce.Audit;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Accounts;

/// <summary>A page of API keys, newest first.</summary>
public sealed record ApiKeyPage(IReadOnlyList<ApiKeyView> Items, string? NextCursor);

/// <summary>A key as it can be shown: never its secret.</summary>
public sealed record ApiKeyView(Guid Id, string Name, string Prefix, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    internal static ApiKeyView Of(ApiKey key) => new(key.Id, key.Name, key.Prefix, key.Scopes, key.CreatedAt, key.LastUsedAt, key.RevokedAt);
}

/// <summary>Keys of machines: made, shown once, checked, revoked.</summary>
public static class ApiKeyVerbs
{
    private static readonly TimeSpan UseIsNotedEvery = TimeSpan.FromMinutes(1);

    /// <summary>The key, and its text: the only time it is known.</summary>
    public static async Task<(ApiKeyView Key, string Text)> CreateApiKeyAsync(this ShopDb db, Actor actor, string? reason, string name, IEnumerable<string> scopes, CancellationToken cancellation)
    {
        var (key, text) = ApiKey.New(name, scopes);
        db.Add(key);
        db.Audit(actor, "api-keys.created", SubjectOf(key), reason, new { key.Name, key.Prefix, key.Scopes });
        await db.SaveChangesAsync(cancellation);
        return (ApiKeyView.Of(key), text);
    }

    /// <summary>Whose key the text is; null when it is nobody's, or revoked. Notes that it was used.</summary>
    public static async Task<ApiKey?> FindApiKeyAsync(this ShopDb db, string text, DateTimeOffset now, CancellationToken cancellation)
    {
        if (ApiKey.PrefixOf(text) is not { } prefix) return null;
        var key = await db.ApiKeys.AsNoTracking().FirstOrDefaultAsync(k => k.Prefix == prefix && k.RevokedAt == null, cancellation);
        if (key is null || !key.Is(text)) return null;
        var due = now - UseIsNotedEvery;
        if (key.LastUsedAt is null || key.LastUsedAt < due)
            await db.ApiKeys.Where(k => k.Id == key.Id && (k.LastUsedAt == null || k.LastUsedAt < due)).ExecuteUpdateAsync(k => k.SetProperty(x => x.LastUsedAt, now), cancellation);
        return key;
    }

    /// <summary>Ends a key for good, at once and everywhere; fine when it has ended already.</summary>
    public static async Task<Outcome<ApiKeyView>> RevokeApiKeyAsync(this ShopDb db, Actor actor, string? reason, Guid id, DateTimeOffset now, CancellationToken cancellation)
    {
        var key = await db.ApiKeys.FirstOrDefaultAsync(k => k.Id == id, cancellation);
        if (key is null) return new Refusal(AccountRefusals.KeyNotFound, "There is no API key with this id.");
        if (key.RevokedAt is not null) return ApiKeyView.Of(key);
        key.RevokedAt = now;
        db.Audit(actor, "api-keys.revoked", SubjectOf(key), reason, new { key.Name, key.Prefix });
        await db.SaveChangesAsync(cancellation);
        return ApiKeyView.Of(key);
    }

    public static async Task<Outcome<ApiKeyPage>> ListApiKeysAsync(this ShopDb db, int limit, string? cursor, CancellationToken cancellation)
    {
        var keys = db.ApiKeys.AsNoTracking();
        if (cursor is not null)
        {
            if (IdCursor.Read(cursor) is not { } before) return AccountRefusals.NoSuchCursor();
            keys = keys.Where(k => k.Id < before);
        }
        var rows = await keys.OrderByDescending(k => k.Id).Take(limit + 1).ToListAsync(cancellation);
        return new ApiKeyPage([.. rows.Take(limit).Select(ApiKeyView.Of)], rows.Count > limit ? IdCursor.Write(rows[limit - 1].Id) : null);
    }

    private static string SubjectOf(ApiKey key) => $"api-key:{key.Prefix}";
}
