using System.Globalization;
using System.Net;
using System.Text;

namespace Local.Stripe.Wire;

/// <summary>
/// A form body with brackets, as a tree: <c>line_items[0][price_data][currency]=eur&amp;expand[]=payment_intent</c>.
/// </summary>
public sealed class FormNode
{
    private const int MaxDepth = 12;

    public string? Text { get; private set; }

    public Dictionary<string, FormNode> Children { get; } = [];

    /// <summary>Reads a form body or a query string without its question mark.</summary>
    /// <exception cref="StripeError">Nested deeper than anything Stripe takes, or a bracket does not close.</exception>
    public static FormNode Parse(string form)
    {
        var root = new FormNode();
        foreach (var pair in form.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = WebUtility.UrlDecode(equals < 0 ? pair : pair[..equals]);
            var value = equals < 0 ? "" : WebUtility.UrlDecode(pair[(equals + 1)..]);
            root.Add(name, value);
        }
        return root;
    }

    /// <summary>The tree in one order whatever the order on the wire: equal parameters give equal text.</summary>
    public void WriteCanonical(StringBuilder target)
    {
        if (Text is not null)
            target.Append('=').Append(Text.Length.ToString(CultureInfo.InvariantCulture)).Append(':').Append(Text);
        foreach (var (name, child) in Children.OrderBy(child => child.Key, StringComparer.Ordinal))
        {
            target.Append('[').Append(name.Length.ToString(CultureInfo.InvariantCulture)).Append(':').Append(name);
            child.WriteCanonical(target);
            target.Append(']');
        }
    }

    private void Add(string name, string value)
    {
        var node = this;
        foreach (var segment in Segments(name))
        {
            var key = segment.Length == 0 ? node.Children.Count.ToString(CultureInfo.InvariantCulture) : segment;
            if (!node.Children.TryGetValue(key, out var next))
                node.Children[key] = next = new FormNode();
            node = next;
        }
        node.Text = value;
    }

    private static List<string> Segments(string name)
    {
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        if (bracket < 0)
            return [name];
        var segments = new List<string> { name[..bracket] };
        while (bracket < name.Length)
        {
            var close = name[bracket] == '[' ? name.IndexOf(']', bracket) : -1;
            if (close < 0 || segments.Count >= MaxDepth)
                throw StripeError.Invalid($"Invalid parameter name: {name}", name);
            segments.Add(name[(bracket + 1)..close]);
            bracket = close + 1;
        }
        return segments;
    }
}
