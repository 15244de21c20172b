namespace Local.Demo.Catalog;

/// <summary>
/// A kind of thing a work is sold on: its letter in works.txt, how it is called in titles (hyphenated in handles), its code in SKUs,
/// its pictures by the renderer's kinds (the first one leads), its options and their values.
/// </summary>
internal sealed record Good(char Letter, string Noun, string Code, string Type, string Category, string[] Shots, string[] OptionNames, Choice[] Choices)
{
    public static readonly IReadOnlyList<Good> All =
    [
        new('P', "Art Print", "PR", "Art prints", "Home & Garden > Decor > Artwork > Posters, Prints, & Visual Artwork", ["framed", "art", "detail", "print"], ["Size", "Finish"],
        [
            new(["24 × 30 cm", "Unframed"], "24U", 2900, 140, "print"), new(["24 × 30 cm", "Oak frame"], "24O", 6900, 1150, "framed"),
            new(["40 × 50 cm", "Unframed"], "40U", 4900, 290, "print"), new(["40 × 50 cm", "Oak frame"], "40O", 10900, 2400, "framed"),
            new(["60 × 75 cm", "Unframed"], "60U", 8900, 610, "print"), new(["60 × 75 cm", "Oak frame"], "60O", 17900, 4300, "framed"),
        ]),
        new('C', "Greeting Card", "GC", "Cards", "Arts & Entertainment > Party & Celebration > Gift Giving > Greeting & Note Cards", ["card", "art", "detail"], ["Pack"],
        [new(["Single card"], "1", 390, 22, "card"), new(["Pack of 5"], "5", 1650, 110, "card"), new(["Pack of 10"], "10", 2900, 220, "card")]),
        new('M', "Mug", "MG", "Ceramics", "Home & Garden > Kitchen & Dining > Tableware > Drinkware > Mugs", ["mug", "mugback", "art"], ["Size"],
        [new(["300 ml"], "30", 1900, 360, "mug"), new(["420 ml"], "42", 2300, 470, "mug")]),
        new('U', "Cushion", "CU", "Textiles", "Home & Garden > Decor > Throw Pillows", ["cushion", "weave", "art"], ["Size", "Filling"],
        [
            new(["40 × 40 cm", "Cover only"], "40C", 3400, 210, "cushion"), new(["40 × 40 cm", "With feather pad"], "40F", 4600, 720, "cushion"),
            new(["50 × 50 cm", "Cover only"], "50C", 3900, 300, "cushion"), new(["50 × 50 cm", "With feather pad"], "50F", 5400, 1080, "cushion"),
        ]),
        new('T', "Tea Towel", "TT", "Textiles", "Home & Garden > Linens & Bedding > Kitchen Linens > Kitchen Towels", ["towel", "weave", "art"], ["Cloth"],
        [new(["Half linen"], "HL", 1600, 110, "towel"), new(["Pure linen"], "PL", 2200, 120, "towel")]),
        new('N', "Notebook", "NB", "Notebooks", "Office Supplies > General Office Supplies > Paper Products > Notebooks & Notepads", ["notebook", "detail", "art"], ["Ruling"],
        [new(["Plain"], "P", 1850, 330, "notebook"), new(["Dotted"], "D", 1850, 330, "notebook"), new(["Ruled"], "R", 1850, 330, "notebook")]),
        new('B', "Tote Bag", "TB", "Bags", "Luggage & Bags > Shopping Totes", ["tote", "weave", "art"], ["Handles"],
        [new(["Short handles"], "S", 2200, 260, "tote"), new(["Long handles"], "L", 2400, 280, "tote")]),
    ];

    public string Slug => Noun.ToLowerInvariant().Replace(' ', '-');
}

/// <summary>One variant of a good: option values, code in the SKU, price in cents, weight in grams, and the picture that shows it.</summary>
internal sealed record Choice(string[] Options, string Code, int PriceMinor, int Grams, string Shot);
