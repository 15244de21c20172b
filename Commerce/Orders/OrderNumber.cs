using System.Security.Cryptography;

namespace Commerce.Orders;

/// <summary>
/// Order numbers that people can read out and nobody can count: <c>OG-7K3M-9QXT</c>, 40 random bits in Crockford's base 32,
/// which has no I, L, O or U. The database's unique index catches the rare double.
/// </summary>
public static class OrderNumber
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const string Prefix = "OG";
    private const int Symbols = 8;

    public static string New()
    {
        var symbols = RandomNumberGenerator.GetItems<char>(Alphabet, Symbols);
        return $"{Prefix}-{symbols.AsSpan(0, 4)}-{symbols.AsSpan(4, 4)}";
    }

    /// <summary>A whole number as people type it, written as numbers are; what is none stays as it is, and is nobody's.</summary>
    internal static string Read(string typed) => TryComplete(typed) is { } number && number.Length == Prefix.Length + Symbols + 2 ? number : typed;

    /// <summary>The order of this number, however it was typed.</summary>
    public static IQueryable<Order> Numbered(this IQueryable<Order> orders, string typed)
    {
        var number = Read(typed);
        return orders.Where(o => o.Number == number);
    }

    /// <summary>The beginning of a number as people type it (<c>og7k3m9</c>, <c>7K3M</c>), written as numbers are; null for what can be none.</summary>
    public static string? TryComplete(string typed)
    {
        var text = typed.ToUpperInvariant().Replace("-", "").Replace(" ", "");
        if (text.StartsWith(Prefix, StringComparison.Ordinal)) text = text[Prefix.Length..];
        // Crockford: what looks alike is read as what is meant.
        text = text.Replace('O', '0').Replace('I', '1').Replace('L', '1');
        if (text.Length is 0 or > Symbols || !text.All(Alphabet.Contains)) return null;
        return text.Length <= 4 ? $"{Prefix}-{text}" : $"{Prefix}-{text[..4]}-{text[4..]}";
    }
}
