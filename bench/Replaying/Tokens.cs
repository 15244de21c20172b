using System.Globalization;
using System.Text.RegularExpressions;
using Bench.Servers;

namespace Bench.Replaying;

/// <summary>Whom a replay is for: fresh identities in place of the recorded ones, and another product.</summary>
internal sealed record Guise(string[] Fresh, int Product);

/// <summary>
/// The identities of one recorded run: ids, keys, numbers. A replay must not use them again, or the database would refuse it; it takes
/// fresh ones of the same form, the same everywhere where the recording had the same. What names the recorded product names another one.
/// </summary>
/// <param name="product">The product of the recording.</param>
internal sealed partial class Tokens(int product)
{
    private static readonly TimeSpan Young = TimeSpan.FromHours(12);
    private const string Digits = "0123456789abcdef";
    private const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);
    private readonly string _slug = Shop.Slug(product);

    /// <summary>A value with its identities cut out, to be filled in for each replay.</summary>
    public Func<Guise, object?> Cut(object? value) => value switch
    {
        Guid id => CutId(id) is { } cut ? guise => cut(guise) : _ => value,
        string text when Identity().IsMatch(text) => CutText(text),
        List<Guid> ids => CutAll(ids, cut => (Guid)cut!),
        List<string> texts => CutAll(texts, cut => (string)cut!),
        _ => _ => value,
    };

    /// <summary>Fresh identities for one replay.</summary>
    public string[] Fresh() => [.. _indices.OrderBy(pair => pair.Value).Select(pair => FreshLike(pair.Key))];

    private Func<Guise, object?> CutAll<T>(List<T> values, Func<object?, T> typed)
    {
        var cuts = values.Select(value => Cut(value)).ToList();
        return guise => cuts.Select(cut => typed(cut(guise))).ToList();
    }

    private Func<Guise, Guid>? CutId(Guid id)
    {
        if (Shop.IsOf(id, product)) return guise => Shop.Moved(id, product, guise.Product);
        if (!IsYoung(id)) return null;
        var index = IndexOf(id.ToString());
        return guise => Guid.Parse(guise.Fresh[index]);
    }

    private Func<Guise, object?> CutText(string text)
    {
        var parts = new List<Func<Guise, string>>();
        var at = 0;
        foreach (Match match in Identity().Matches(text))
        {
            if (CutWord(match.Value) is not { } cut) continue;
            var literal = text[at..match.Index];
            parts.Add(_ => literal);
            parts.Add(cut);
            at = match.Index + match.Length;
        }
        var rest = text[at..];
        return guise => string.Concat(parts.Select(part => part(guise))) + rest;
    }

    private Func<Guise, string>? CutWord(string word)
    {
        if (Guid.TryParseExact(word, "D", out var id)) return CutId(id) is { } cut ? guise => cut(guise).ToString() : null;
        if (word.StartsWith(Shop.SlugPrefix, StringComparison.Ordinal)) return word == _slug ? guise => Shop.Slug(guise.Product) : null;
        // The same id with and without hyphens is one identity.
        if (Guid.TryParseExact(word, "N", out var bare) && _indices.TryGetValue(bare.ToString(), out var known)) return guise => guise.Fresh[known].Replace("-", "", StringComparison.Ordinal);
        var index = IndexOf(word);
        return guise => guise.Fresh[index];
    }

    private int IndexOf(string token)
    {
        if (!_indices.TryGetValue(token, out var index)) _indices[token] = index = _indices.Count;
        return index;
    }

    /// <summary>A version 7 id tells when it was made; ids of other versions are nobody's but the run's.</summary>
    private static bool IsYoung(Guid id)
    {
        var text = id.ToString("N");
        if (text[12] != '7') return id != Guid.Empty;
        var made = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text.AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return DateTimeOffset.UtcNow - made < Young;
    }

    private static string FreshLike(string token)
    {
        if (Guid.TryParseExact(token, "D", out _)) return (token[14] == '7' ? Guid.CreateVersion7() : Guid.NewGuid()).ToString();
        if (token.StartsWith("OG-", StringComparison.Ordinal)) return $"OG-{Random.Shared.GetString(Crockford, 4)}-{Random.Shared.GetString(Crockford, 4)}";
        var underscore = token.LastIndexOf('_') + 1;
        return token[..underscore] + Random.Shared.GetString(underscore == 0 ? Digits : Letters, token.Length - underscore);
    }

    [GeneratedRegex("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])|OG-[0-9A-Z]{4}-[0-9A-Z]{4}|bench-[0-9]+|\\b(?:cs|pi|evt|ch|pm|re|txn|in|cus|req)_[A-Za-z0-9_]{8,}")]
    private static partial Regex Identity();
}

file static class RandomText
{
    public static string GetString(this Random random, string alphabet, int length) => new(random.GetItems<char>(alphabet, length));
}
