using System.Runtime.InteropServices;
using Local.Demo;
using Local.Demo.Catalog;
using Local.Demo.Rendering;

const string Usage = """
    catalog --out <csv>                                   writes the demo shop's catalogue
    render --catalog <csv> --out <folder> [--only <glob>]  renders the pictures it names, those missing or outdated
    sheet --out <png> [--columns <n>] <work or picture> ...  a contact sheet, for working on the art
    """;
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    var line = CommandLine.Parse(args);
    switch (line.Verb)
    {
        case "catalog":
            File.WriteAllText(line.Required("out"), CatalogCsv.Write(Assortment.All()));
            return 0;
        case "render":
            var made = new RenderRun(line.Required("out"), Console.Out).Run(line.Required("catalog"), line.Optional("only"), stop.Token);
            if (made == 0) Console.WriteLine("All pictures are there.");
            return 0;
        case "sheet":
            ContactSheet.Write(line.Required("out"), int.Parse(line.Optional("columns") ?? "6", System.Globalization.CultureInfo.InvariantCulture), line.Rest);
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped; the next run goes on from here.");
    return 130;
}
catch (CatalogException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
