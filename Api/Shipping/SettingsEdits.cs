using Commerce;
using Commerce.Pricing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Shipping;

/// <summary>How endpoints show and change what holds for the whole shop: its version is the ETag, and only who saw the newest may change it.</summary>
internal static class SettingsEdits
{
    /// <param name="change">Is given the version the caller saw.</param>
    /// <param name="show">Makes the answer of what was changed, as reading it does.</param>
    public static async Task<Results<Ok<TShown>, ProblemHttpResult>> ChangeSettingsAsync<T, TShown>(
        this ShopDb db, IfMatch ifMatch, Func<int, Task<Outcome<T>>> change, Func<T, TShown> show, CancellationToken cancellation)
    {
        var seen = await db.FindSettingsVersionAsync(cancellation);
        if (ifMatch.Refuses(seen) is { } changed) return changed;
        var outcome = await change(seen);
        return outcome.Refusal is { } refusal ? refusal.Problem() : TypedResults.Ok(show(outcome.Value));
    }

    /// <summary>The answer, and in its ETag the version it is of.</summary>
    public static T Tagged<T>(this HttpContext context, T shown, int version)
    {
        context.SetETag(version);
        return shown;
    }
}
