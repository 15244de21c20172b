using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Local.Web;

/// <summary>
/// A piece of HTML. Text put into an interpolated string is encoded, a piece of HTML is taken as it is, so a page
/// cannot forget to encode: <c>Html.Of($"&lt;p&gt;{name}&lt;/p&gt;")</c>. Attribute values must be in double quotes.
/// </summary>
internal readonly struct Html(string markup)
{
    public static readonly Html Empty = new("");

    private readonly string? _markup = markup;

    public static Html Of(HtmlBuilder builder) => new(builder.Markup());

    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(piece => piece.ToString())));

    public static Html When(bool condition, Func<Html> piece) => condition ? piece() : Empty;

    public override string ToString() => _markup ?? "";
}

/// <summary>What the compiler calls for an interpolated string that becomes <see cref="Html"/>.</summary>
[InterpolatedStringHandler]
internal readonly struct HtmlBuilder(int literalLength, int formattedCount)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _markup = new(literalLength + (formattedCount * 16));

    public void AppendLiteral(string literal) => _markup.Append(literal);

    public void AppendFormatted(Html piece) => _markup.Append(piece.ToString());

    public void AppendFormatted(string? text) => _markup.Append(Encoder.Encode(text ?? ""));

    public void AppendFormatted(long number) => _markup.Append(number);

    public string Markup() => _markup.ToString();
}
