using System.Text;

namespace Commerce.Orders;

/// <summary>
/// Orders by the words of the recipient's name. Names are stored as they were typed; compared are their words in Unicode's form NFKC, in small letters and without
/// accents, so that <c>Unal</c> finds <c>Ünal</c>, however it is composed. PostgreSQL makes both sides so, and both are cut into words at the same characters.
/// </summary>
internal static class RecipientNames
{
    /// <summary>Blanks, what ASCII has besides letters and digits, and what people and phones write for it. None of what is left in a word means anything in a tsquery.</summary>
    private const string Separators = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\u00a0\u00b7\u2010\u2011\u2012\u2013\u2014\u2018\u2019\u201c\u201d\u3000\u30fb";

    /// <summary>Characters of a name, and of a word that was typed, that are looked at: a tsvector takes a word of more than 2,046 bytes and spoils it.</summary>
    private const int MaxLength = 500;

    // Unicode's combining diacritical marks: what NFKD takes off a letter of the Latin, Greek or Cyrillic script. Those of other scripts are letters.
    private const char FirstMark = '\u0300', LastMark = '\u036f';

    /// <summary>
    /// No text search configuration reads the names: the parser takes <c>A.Smith</c> for a host and <c>Smith/Jones</c> for a file. The functions are not STRICT, for PostgreSQL
    /// would not write those out where they are called, and then not see the index. The index has no orders that await payment: there are only as many as half an hour brings,
    /// and the placing of an order, which everything waits for in a rush, writes nothing into it. Each is put there when it is paid or comes to nothing, at once
    /// (no fastupdate), so that no payment has to tidy up after thousands of others.
    /// </summary>
    public static string Sql => $$"""
        CREATE FUNCTION words_of_name(name text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
            SELECT array_to_tsvector(array_remove(string_to_array(
                translate(left({{Plain("name")}}, {{MaxLength}}), '{{Separators.Replace("'", "''", StringComparison.Ordinal)}}', '{{new string(' ', Separators.Length)}}'), ' '), ''))
        $function$;
        CREATE FUNCTION is_named(name text, words text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
            SELECT words_of_name(name) @@ {{Plain("words")}}::tsquery
        $function$;
        CREATE INDEX ix_orders_recipient ON orders USING gin (words_of_name(shipping_address_name)) WITH (fastupdate = off) WHERE status <> 'AwaitingPayment';
        """;

    /// <summary>Small letters without accents. No extension takes them off, for <c>unaccent</c> is not on every server; letters that are one to Unicode, and to who has no
    /// key for them another or two, are named. Written out and no function of its own: an index is made with a search path that has none of the shop's.</summary>
    private static string Plain(string text) => $"""
        replace(replace(replace(replace(translate(
            normalize(regexp_replace(lower(normalize({text}, NFKD)), '[{FirstMark}-{LastMark}]+', '', 'g'), NFKC),
            'øłđðħıŧς', 'olddhitσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
        """;

    /// <summary>In SQL only.</summary>
    /// <param name="name">Of a recipient.</param>
    /// <param name="words">Of <see cref="TryQuery"/>.</param>
    /// <exception cref="NotSupportedException">Always: it is translated, never called.</exception>
    public static bool IsNamed(string name, string words) => throw new NotSupportedException();

    /// <summary>The query for names in which each typed word begins a word: <c>'anna':* &amp; 'smi':*</c>. Null when nothing was typed that could be in a name.</summary>
    public static string? TryQuery(string typed)
    {
        // Made plain first, for that makes separators of characters that are none, and nothing of marks that stand alone.
        var plain = string.Concat(typed.CutTo(MaxLength).Normalize(NormalizationForm.FormKD).Where(c => c is < FirstMark or > LastMark)).Normalize(NormalizationForm.FormKC);
        var words = plain.Split(Separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? null : string.Join(" & ", words.Select(word => $"'{word.CutTo(MaxLength)}':*"));
    }
}
