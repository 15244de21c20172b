using System.Text;

namespace Commerce;

/// <summary>Words of others, such as an exception's or a server's, as PostgreSQL can keep them.</summary>
public static class StoredText
{
    /// <summary>Its beginning, with nothing PostgreSQL refuses: no half of a surrogate pair, where it is cut or anywhere else, and no U+0000.</summary>
    /// <param name="text">Of any length and origin.</param>
    /// <param name="most">UTF-16 characters, at least one.</param>
    public static string CutTo(this string text, int most)
    {
        var cut = text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
        // There and back: what is half a pair comes back as U+FFFD.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut)).Replace('\0', ' ');
    }
}
