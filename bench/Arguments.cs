using System.Globalization;

namespace Bench;

/// <summary>The command line: <c>names [--rounds N] [--seconds S] [--out file.md] [--data folder]</c>.</summary>
/// <param name="Names">Benches to run, in this order.</param>
/// <param name="Rounds">Turns of every side.</param>
/// <param name="Window">How long one turn takes.</param>
/// <param name="Out">Where the table goes too; null: the console alone.</param>
/// <param name="Data">Where the servers' data lies while the run lasts; must be a real disk.</param>
internal sealed record Arguments(IReadOnlyList<string> Names, int Rounds, TimeSpan Window, string? Out, string Data)
{
    public const string Usage = """
        dotnet run -c Release --project bench -- <name>... | all | list
            [--rounds 5]       turns of every side, alternating
            [--seconds 4]      length of one turn
            [--out file.md]    also write the table there
            [--data folder]    where the servers keep their data for the run (a real disk: fsync is on)
        """;

    /// <returns>Null when the words make no sense.</returns>
    public static Arguments? Parse(string[] words)
    {
        var names = words.TakeWhile(word => !word.StartsWith('-')).ToList();
        var options = words.Skip(names.Count).Chunk(2).ToList();
        if (names.Count == 0 || options.Exists(option => option.Length < 2 || option[0] is not ("--rounds" or "--seconds" or "--out" or "--data"))) return null;
        string? Option(string name) => options.LastOrDefault(option => option[0] == name)?[1];
        return int.TryParse(Option("--rounds") ?? "5", CultureInfo.InvariantCulture, out var rounds) && rounds > 0
            && double.TryParse(Option("--seconds") ?? "4", CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? new Arguments(names, rounds, TimeSpan.FromSeconds(seconds), Option("--out"), Option("--data") ?? Path.GetTempPath())
            : null;
    }
}
