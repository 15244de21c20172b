using System.Text;
using Local.Demo.Numbers;

namespace Local.Demo.Catalog;

/// <summary>The shop's whole range: every work on every good it is sold on, in the order of works.txt.</summary>
internal static class Assortment
{
    public static IReadOnlyList<Product> All() => [.. Works.All.SelectMany(work => Good.All.Where(g => work.Goods.Contains(g.Letter, StringComparison.Ordinal)).Select(good => Product(work, good)))];

    private static Product Product(Work work, Good good)
    {
        var collection = Collection.All[work.Collection];
        var sale = Chance($"sale {work.Id} {good.Code}", 100) < 8;
        var title = $"{work.Title} {good.Noun}";
        var seo = $"{work.Note} {good.Noun} from seed {work.Seed}, by Oddgrain.";
        return new Product(
            $"{work.Slug}-{good.Slug}", title,
            $"<p>{work.Note}</p><p>{Words.Method(work)}</p><p>{Words.Material(work, good)}</p>",
            good.Category, good.Type, [work.Family, work.Palette, .. Extra(work, good)], collection.Title,
            good.OptionNames, [.. good.Choices.Select(c => Variant(work, good, c, sale))],
            [.. good.Shots.Select(s => new Picture($"{work.Id}-{s}.jpg", Words.Alt(work, s)))],
            $"{title} | Oddgrain", seo.Length <= 320 ? seo : work.Note, Words.InksName(work), Words.Technique(work));
    }

    private static string[] Extra(Work work, Good good) => good.Letter == 'C' ? ["gift", $"seed {work.Seed}"] : good.Letter == 'P' ? ["wall", $"seed {work.Seed}"] : [$"seed {work.Seed}"];

    private static Variant Variant(Work work, Good good, Choice choice, bool sale)
    {
        var sku = $"OG-{work.Id.ToUpperInvariant()}-{good.Code}-{choice.Code}";
        var price = sale ? Reduced(choice.PriceMinor) : choice.PriceMinor;
        return new Variant(choice.Options, sku, choice.Grams, Stock(sku, good), price, sale ? choice.PriceMinor : null, Barcode(sku), $"{work.Id}-{choice.Shot}.jpg");
    }

    /// <summary>A fifth off, to a price that ends in 0 or 5 tens of cents.</summary>
    private static int Reduced(int minor) => minor * 8 / 10 / 50 * 50;

    private static int Stock(string sku, Good good)
    {
        var luck = Chance("stock " + sku, 100);
        var many = good.Letter == 'C' ? 180 : 36;
        return luck switch { < 4 => 0, < 12 => 1 + (luck % 4), _ => 8 + Chance("count " + sku, many) };
    }

    /// <summary>An EAN-13 from the range GS1 leaves to shops for their own use (prefix 20 to 29).</summary>
    private static string Barcode(string sku)
    {
        var digits = new StringBuilder("21");
        var rng = new Rng(Hash("ean " + sku));
        while (digits.Length < 12) digits.Append((char)('0' + rng.Int(10)));
        var sum = 0;
        for (var i = 0; i < 12; i++) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
        return digits.Append((char)('0' + ((10 - (sum % 10)) % 10))).ToString();
    }

    private static int Chance(string about, int count) => new Rng(Hash(about)).Int(count);

    /// <summary>FNV-1a, 64 bits.</summary>
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(text)) hash = unchecked((hash ^ b) * 1099511628211UL);
        return hash;
    }
}
