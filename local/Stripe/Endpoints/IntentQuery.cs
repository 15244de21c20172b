using System.Globalization;
using System.Text.RegularExpressions;
using Local.Stripe.State;
using Local.Stripe.Wire;

namespace Local.Stripe.Endpoints;

/// <summary>
/// Stripe's search language over payment intents (docs.stripe.com/search):
/// <c>metadata['order']:'OG-7K3M' AND status:'succeeded' AND amount>1000 AND -currency:'usd'</c>. Either AND or OR, not both.
/// </summary>
internal static partial class IntentQuery
{
    private const int MaxClauses = 10;

    /// <exception cref="StripeError">The query cannot be read.</exception>
    public static Func<IntentRecord, bool> Parse(string query)
    {
        var clauses = new List<Func<IntentRecord, bool>>();
        string? joint = null;
        var rest = query.Trim();
        while (true)
        {
            var match = Clause().Match(rest);
            if (!match.Success || clauses.Count == MaxClauses)
                throw Unreadable(query);
            clauses.Add(Test(match, query));
            rest = rest[match.Length..].TrimStart();
            if (rest.Length == 0)
                break;
            var word = rest.Split(' ', 2)[0].ToUpperInvariant();
            if (word is not ("AND" or "OR") || (joint is not null && joint != word))
                throw Unreadable(query);
            joint = word;
            rest = rest[word.Length..].TrimStart();
        }
        return joint == "OR" ? intent => clauses.Any(clause => clause(intent)) : intent => clauses.All(clause => clause(intent));
    }

    private static Func<IntentRecord, bool> Test(Match match, string query)
    {
        var (field, key, sign) = (match.Groups["field"].Value, match.Groups["key"].Value, match.Groups["sign"].Value);
        var value = Regex.Replace(match.Groups["text"].Value, @"\\(.)", "$1");
        var negated = match.Groups["not"].Length > 0;
        Func<IntentRecord, bool> test = field switch
        {
            "metadata" when value == "" && match.Groups["null"].Success => intent => !intent.Metadata.ContainsKey(key),
            "metadata" => Text(sign, value, intent => intent.Metadata.GetValueOrDefault(key), query),
            "status" => Text(sign, value, intent => intent.Status, query),
            "currency" => Text(sign, value, intent => intent.Currency, query),
            "amount" => Number(sign, match, intent => intent.Amount, query),
            "created" => Number(sign, match, intent => intent.Created.ToUnixTimeSeconds(), query),
            _ => throw StripeError.Invalid($"Field `{field}` is an unsupported search field for resource `payment_intents`.", "query"),
        };
        return negated ? intent => !test(intent) : test;
    }

    private static Func<IntentRecord, bool> Text(string sign, string value, Func<IntentRecord, string?> read, string query) => sign switch
    {
        ":" => intent => string.Equals(read(intent), value, StringComparison.OrdinalIgnoreCase),
        "~" when value.Length >= 3 => intent => read(intent)?.Contains(value, StringComparison.OrdinalIgnoreCase) == true,
        _ => throw Unreadable(query),
    };

    private static Func<IntentRecord, bool> Number(string sign, Match match, Func<IntentRecord, long> read, string query)
    {
        var text = match.Groups["number"].Success ? match.Groups["number"].Value : match.Groups["text"].Value;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            throw Unreadable(query);
        return sign switch
        {
            ":" => intent => read(intent) == value,
            ">" => intent => read(intent) > value,
            ">=" => intent => read(intent) >= value,
            "<" => intent => read(intent) < value,
            "<=" => intent => read(intent) <= value,
            _ => throw Unreadable(query),
        };
    }

    private static StripeError Unreadable(string query) =>
        StripeError.Invalid($"We were unable to parse your search query: {query}. For more information on how to write search queries, see https://stripe.com/docs/search.", "query");

    [GeneratedRegex("""^(?<not>-?)(?<field>[a-z_]+)(?:\[["'](?<key>[^"']+)["']\])?\s*(?<sign>:|~|>=|<=|>|<)\s*(?:["'](?<text>(?:\\.|[^"'\\])*)["']|(?<number>\d+)|(?<null>null))""")]
    private static partial Regex Clause();
}
