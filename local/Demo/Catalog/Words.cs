using Local.Demo.Print;

namespace Local.Demo.Catalog;

/// <summary>The shop's own words: how each family works, what each good is made of, and what the inks are called.</summary>
internal static class Words
{
    private static readonly Dictionary<string, string> Inks = new(StringComparer.Ordinal)
    {
        ["harbour"] = "navy, vermilion, ochre and sea green",
        ["clay"] = "terracotta, deep teal, straw and oxblood",
        ["moss"] = "forest green, sage, ochre and rust",
        ["sumi"] = "lamp black, vermilion and grey",
        ["midnight"] = "bone, amber, sky blue and coral on midnight paper",
        ["rosehip"] = "rosehip red, slate blue, blush and wine",
        ["fjord"] = "petrol, teal, coral and ice blue",
        ["riso"] = "fluorescent pink, process blue, sunflower and slate",
        ["lichen"] = "slate green, brass, clay and lichen",
        ["persimmon"] = "persimmon, dark blue, apricot and verdigris",
        ["plum"] = "plum, apricot, mulberry and honey",
        ["aizome"] = "four baths of indigo",
        ["graphite"] = "graphite, signal yellow and two greys",
        ["citrus"] = "marine blue, lemon, orange and bottle green",
        ["nightgarden"] = "bone, leaf green, apricot and brass on black-green paper",
        ["kiln"] = "bone, ember, brick and celadon on burnt umber paper",
        ["sakura"] = "cherry red, rose, slate blue and powder",
        ["dune"] = "umber, sand, slate and straw",
        ["blueprint"] = "chalk, pale blue, yellow and steel on blueprint paper",
        ["meadow"] = "cornflower, buttercup, poppy and grass",
    };

    public static string InksOf(Work work) => Inks[Palettes.Named(work.Palette).Name];

    /// <summary>What the ink cupboard calls the palette.</summary>
    public static string InksName(Work work) => work.Palette == "nightgarden" ? "Night garden" : $"{char.ToUpperInvariant(work.Palette[0])}{work.Palette[1..]}";

    /// <summary>The kind of program, in two words.</summary>
    public static string Technique(Work w) => w.Family switch
    {
        "drift" => "Flow field",
        "ripple" => "Interfering waves",
        "marble" => "Marbling",
        "coral" => "Reaction and diffusion",
        "flora" => "Plant grammar",
        "phyllo" => "Golden angle",
        "strata" => "Layered noise",
        "contour" => "Contour lines",
        "weave" => "Weave draft",
        "quilt" => "Cellular automaton",
        "quarter" => "Divided sheet",
        "truchet" => "Truchet tiles",
        "pebble" => "Circle packing",
        "attractor" => "Strange attractor",
        "pendulum" => "Harmonograph",
        "moire" => "Moiré",
        _ => throw new InvalidOperationException($"No words for the family {w.Family}."),
    };

    /// <summary>How the picture came about, in one or two sentences with its seed.</summary>
    public static string Method(Work w) => w.Family switch
    {
        "drift" => $"Grown from seed {w.Seed} as a flow field: noise gives every point of the sheet a direction, and each stroke follows it until it would touch another.",
        "ripple" => $"Grown from seed {w.Seed}: a handful of invisible sources send out waves, and the height of the water at each place decides how much ink it gets.",
        "marble" => $"Grown from seed {w.Seed} by mathematical marbling, which moves floating ink exactly as a brush, a comb or a breath of air would.",
        "coral" => $"Grown from seed {w.Seed} with the Gray-Scott equations, in which one substance spreads, another feeds on it, and a pattern is what they leave.",
        "flora" => $"Grown from seed {w.Seed} by a grammar of stems, forks and leaves; the only thing drawn by hand was the rule.",
        "phyllo" => $"Grown from seed {w.Seed} at the golden angle, 137.5 degrees from one seed to the next, the way composites pack their flower heads.",
        "strata" => $"Grown from seed {w.Seed}: lines of noise, one behind the other, with grain for air, so that distance is nothing but dots.",
        "contour" => $"Grown from seed {w.Seed}: layers of noise, bent by more noise, read off at equal heights like a surveyor would.",
        "weave" => $"Grown from seed {w.Seed} as a weave draft: threading, tie-up and treadling decide for each of many thousand crossings which thread lies on top.",
        "quilt" => $"Grown from seed {w.Seed} by a cellular automaton, a rule that looks only at neighbours and yet ends up with a plan for the whole cloth.",
        "quarter" => $"Grown from seed {w.Seed} by dividing the sheet again and again and giving each field one of seven figures.",
        "truchet" => $"Grown from seed {w.Seed} with Truchet's tiles at three sizes, turned by chance so that every line finds its neighbour.",
        "pebble" => $"Grown from seed {w.Seed} by circle packing: try a place, grow until something is in the way, try again twenty-six thousand times.",
        "attractor" => $"Grown from seed {w.Seed}, which picked the four numbers of a strange attractor; the ink shows where one wandering point spent its time.",
        "pendulum" => $"Grown from seed {w.Seed} on a simulated harmonograph, the Victorian machine of swinging pendulums with a pen in the middle.",
        "moire" => $"Grown from seed {w.Seed}: each ink prints one regular grating, and everything else is interference.",
        _ => throw new InvalidOperationException($"No words for the family {w.Family}."),
    };

    /// <summary>What the thing is made of and how this picture sits on it.</summary>
    public static string Material(Work w, Good good) => good.Letter switch
    {
        'P' => $"Printed in {InksOf(w)} on 250 g uncoated cotton paper with a wide margin. The row of sixteen dots below the picture is the seed, {w.Seed}, in binary. Frames are solid oak with anti-reflective glass, made up to order.",
        'C' => $"A folded card, 12 × 15 cm, blank inside, on 300 g felt-marked board; inks: {InksOf(w)}. With an envelope in a matching tone. The back carries the title and the seed, in case the recipient wants to grow it too.",
        'M' => $"Stoneware, thrown in a small pottery and fired twice. {w.Title} runs once round the body and meets its own mirror image at the handle. Dishwasher and microwave are fine; the inside is glazed plain.",
        'U' => $"Cushion cover in heavy half-panama cotton, printed on the front in {InksOf(w)}, plain ecru at the back, with a concealed zip. Wash at 40 degrees, inside out. A square cut from the middle of {w.Title}, so no two seams match by accident.",
        'T' => $"50 × 70 cm, hemmed on four sides with a hanging loop. {w.Title} is printed to the hem with reactive dyes that survive the boil wash; linen gets better every time.",
        'N' => $"A5, 160 pages of 100 g paper, thread-sewn so that it lies flat, with {w.Title} on the cover, a cloth spine and an elastic band. On the last page: the seed, {w.Seed}, and the rule in plain words.",
        'B' => $"Heavy organic cotton, 38 × 42 cm, with a flat base and an inside pocket. {w.Title} is screen printed in {InksOf(w)}; the paper's white is the cloth itself.",
        _ => throw new InvalidOperationException($"No words for the good {good.Letter}."),
    };

    public static string Alt(Work w, string shot) => shot switch
    {
        "art" => $"{w.Title}: {w.Look}.",
        "detail" => $"Close view of {w.Title}, showing the grain of the paper and the edges of the ink.",
        "framed" => $"{w.Title} in a narrow frame on a sunlit wall above a sideboard: {w.Look}.",
        "print" => $"Unframed print of {w.Title} lying on a table.",
        "card" => $"Greeting card with {w.Title} on its envelope: {w.Look}.",
        "mug" => $"Stoneware mug with {w.Title} round its body: {w.Look}.",
        "mugback" => $"The other side of the mug, with the handle on the left and {w.Title} going on round it.",
        "cushion" => $"Square cushion with {w.Title} across the front: {w.Look}.",
        "towel" => $"Tea towel with {w.Title} hanging from a wooden rail: {w.Look}.",
        "weave" => $"The cloth printed with {w.Title}, so close that each thread can be seen.",
        "notebook" => $"Notebook with {w.Title} on the cover, a cloth spine and an elastic band, next to a pencil: {w.Look}.",
        "tote" => $"Cotton tote bag printed with {w.Title}, hanging from a peg: {w.Look}.",
        _ => throw new InvalidOperationException($"No words for the shot {shot}."),
    };
}
