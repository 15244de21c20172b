using System.Security.Cryptography;

namespace Commerce.Orders;

/// <summary>
/// Order numbers that people can read out and nobody can count: <c>OG-7K3M-9QXT</c>, 40 random bits in Crockford's base 32,
/// which has no I, L, O or U. The database's unique index catches the rare double.
/// </summary>
public static class OrderNumber
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string New()
    {
        var symbols = RandomNumberGenerator.GetItems<char>(Alphabet, 8);
        return $"OG-{symbols.AsSpan(0, 4)}-{symbols.AsSpan(4, 4)}";
    }
}
