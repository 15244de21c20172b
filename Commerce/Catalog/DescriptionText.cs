using System.Text.RegularExpressions;
using Ganss.Xss;

namespace Commerce.Catalog;

/// <summary>
/// What a product's description may hold: text with its headings, lists, tables, links, pictures and simple styles. It stands in the shop's own page, between the price and the
/// button that buys: nothing of it may ask for input, and nothing may leave its place in the text.
/// </summary>
public static partial class DescriptionText
{
    /// <summary>How deep elements may lie in one another. Reading deeper ones takes time that grows with the square of it.</summary>
    public const int MaxDepth = 500;

    private static readonly string[] Sides = ["top", "right", "bottom", "left"];

    private static readonly HashSet<string> Tags = new(StringComparer.OrdinalIgnoreCase)
    {
        "p", "br", "hr", "div", "span", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code", "kbd", "samp", "var",
        "a", "img", "figure", "figcaption", "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th",
        "b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "mark", "small", "big", "sub", "sup", "q", "cite", "abbr", "dfn", "time", "bdi", "bdo", "font", "center",
        "section", "article", "aside", "main", "nav", "header", "footer", "address", "wbr", "details", "summary", "acronym", "tt", "data", "ruby", "rp", "rt", "menu", "dir",
    };

    private static readonly HashSet<string> Attributes = new(StringComparer.OrdinalIgnoreCase)
    {
        "href", "target", "rel", "hreflang", "src", "alt", "title", "width", "height", "style", "align", "valign", "bgcolor", "color", "face", "size", "border", "cellpadding",
        "cellspacing", "colspan", "rowspan", "scope", "abbr", "headers", "span", "start", "reversed", "type", "value", "lang", "dir", "cite", "datetime", "open", "loading", "summary",
        "rules", "frame", "nowrap", "hspace", "vspace", "clear",
    };

    private static readonly HashSet<string> Styles = new(
    [
        "color", "background-color", "font", "font-family", "font-size", "font-style", "font-variant", "font-weight", "line-height", "letter-spacing", "word-spacing",
        "text-align", "text-indent", "text-transform", "white-space", "vertical-align", "text-decoration", "text-decoration-color", "text-decoration-line", "text-decoration-style",
        "list-style", "list-style-position", "list-style-type", "width", "height", "min-width", "max-width", "max-height", "float", "clear", "table-layout", "caption-side",
        "empty-cells", "border-collapse", "border-spacing", "border", "border-width", "border-style", "border-color", "border-radius",
        "border-top-left-radius", "border-top-right-radius", "border-bottom-left-radius", "border-bottom-right-radius", "margin", "padding",
        .. Sides.SelectMany(side => (string[])[$"margin-{side}", $"padding-{side}", $"border-{side}", $"border-{side}-width", $"border-{side}-style", $"border-{side}-color"]),
    ], StringComparer.OrdinalIgnoreCase);

    /// <summary>Those that hold nothing, and those that end where the next one begins.</summary>
    private static readonly HashSet<string> Shallow = new(
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option", "rt", "rp"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The text as it is kept: with what it may hold, escaped, its lines ended by LF.</summary>
    /// <returns>Why it cannot be kept; null when it can.</returns>
    public static string? TryClean(string html, out string clean)
    {
        clean = "";
        if (DepthOf(html) > MaxDepth) return $"Its elements lie more than {MaxDepth} deep in one another.";
        clean = Sanitizer.Sanitize(html).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return clean.Length > CatalogLimits.Description ? $"As it is kept, escaped, it has {clean.Length} characters, and takes at most {CatalogLimits.Description}." : null;
    }

    /// <summary>At most that deep; less where closing tags are missing that HTML adds.</summary>
    private static int DepthOf(string html)
    {
        var (depth, most) = (0, 0);
        foreach (var tag in Tag().EnumerateMatches(html))
        {
            var text = html.AsSpan(tag.Index + 1, tag.Length - 1);
            var closes = text[0] == '/';
            if (Shallow.GetAlternateLookup<ReadOnlySpan<char>>().Contains(closes ? text[1..] : text)) continue;
            depth = Math.Max(0, depth + (closes ? -1 : 1));
            most = Math.Max(most, depth);
        }
        return most;
    }

    [GeneratedRegex("</?[a-zA-Z][a-zA-Z0-9]*")]
    private static partial Regex Tag();

    /// <summary>What takes out of a text all that it may not hold; elements go with what is within them. Any number of threads may use it, none may change it.</summary>
    public static HtmlSanitizer Sanitizer { get; } = new(new HtmlSanitizerOptions
    {
        AllowedTags = Tags,
        AllowedAttributes = Attributes,
        AllowedCssProperties = Styles,
        AllowedSchemes = HtmlSanitizerDefaults.AllowedSchemes,
        UriAttributes = HtmlSanitizerDefaults.UriAttributes,
    })
    {
        DisallowCssPropertyValue = Leaving(),
    };

    /// <summary>Functions but those of colours (<c>url()</c> asks another server, <c>calc()</c> hides a minus), escapes that spell them, and lengths below nothing, which pull text over what lies beside it.</summary>
    [GeneratedRegex(@"(?<!\b(?:rgb|hsl)a?)\(|\\|(?:^|[\s,])-\s*[\d.]", RegexOptions.IgnoreCase)]
    private static partial Regex Leaving();
}
