using System.Security.Cryptography;

namespace Local.Stripe;

/// <summary>Ids as Stripe writes them: a prefix that names the kind, then letters and digits.</summary>
internal static class Ids
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int Length = 24;
    private const int SessionLength = 58;

    public static string Session() => "cs_test_" + RandomNumberGenerator.GetString(Alphabet, SessionLength);

    public static string New(string prefix) => prefix + "_" + RandomNumberGenerator.GetString(Alphabet, Length);
}
