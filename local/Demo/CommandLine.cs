using Local.Demo.Catalog;

namespace Local.Demo;

/// <summary>A verb, <c>--name value</c> pairs, and what is left: <c>render --catalog a.csv --out pictures</c>.</summary>
internal sealed record CommandLine(string Verb, IReadOnlyDictionary<string, string> Options, IReadOnlyList<string> Rest)
{
    public static CommandLine Parse(string[] args)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var rest = new List<string>();
        for (var i = 1; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal)) rest.Add(args[i]);
            else if (i + 1 < args.Length) options[args[i][2..]] = args[++i];
            else throw new CatalogException($"{args[i]} needs a value.");
        }

        return new CommandLine(args.Length > 0 ? args[0] : "", options, rest);
    }

    public string Required(string name) => Optional(name) ?? throw new CatalogException($"{Verb} needs --{name}.");

    public string? Optional(string name) => Options.GetValueOrDefault(name);
}
