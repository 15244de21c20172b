using System.Text.Json;
using Commerce;
using Commerce.Catalog.Caching;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Api.Catalog;

/// <summary>Reads of the catalogue as JSON, made once per change. A load belongs to nobody's request: it has a database context of its own.</summary>
public sealed class CatalogAnswers(CatalogCache cache, IServiceScopeFactory scopes, TimeProvider clock, IOptions<JsonOptions> json)
{
    private readonly JsonSerializerOptions _json = json.Value.SerializerOptions;

    /// <summary>How a read asks the database.</summary>
    public delegate Task<Outcome<T>> Load<T>(ShopDb db, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The page of one product.</summary>
    public async ValueTask<Outcome<CachedJson<T>>> ProductAsync<T>(string slug, string variation, Load<T> load, CancellationToken cancellation) =>
        Answer<T>(await cache.ProductAsync(slug, variation, (This: this, Load: load), static (call, token) => call.This.WriteAsync(call.Load, token), cancellation));

    /// <summary>An answer about many products; the name says everything it depends on.</summary>
    public async ValueTask<Outcome<CachedJson<T>>> ListAsync<T>(string name, Load<T> load, CancellationToken cancellation) =>
        Answer<T>(await cache.ListAsync(name, (This: this, Load: load), static (call, token) => call.This.WriteAsync(call.Load, token), cancellation));

    private static Outcome<CachedJson<T>> Answer<T>(Outcome<CachedAnswer> cached) => cached.Refusal is { } refusal ? refusal : new CachedJson<T>(cached.Value);

    private async Task<Outcome<byte[]>> WriteAsync<T>(Load<T> load, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var loaded = await load(scope.ServiceProvider.GetRequiredService<ShopDb>(), clock.GetUtcNow(), cancellation);
        return loaded.Refusal is { } refusal ? refusal : JsonSerializer.SerializeToUtf8Bytes(loaded.Value, _json);
    }
}
