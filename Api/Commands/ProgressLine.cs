using System.Globalization;
using Commerce.Catalog.Import;

namespace Api.Commands;

/// <summary>Shows how far an import is: a bar that moves in a terminal, a line every ten per cent elsewhere.</summary>
internal sealed class ProgressLine(string doing) : IProgress<ImportProgress>
{
    private const int Width = 40;

    private int _shown = -1;

    public void Report(ImportProgress value)
    {
        var percent = (int)(value.Share * 100);
        var text = string.Create(CultureInfo.InvariantCulture, $"{percent,3} %  {value.Products:N0} products{(value.Problems > 0 ? $", {value.Problems:N0} problems" : "")}");
        if (Console.IsOutputRedirected)
        {
            if (percent / 10 == _shown) return;
            _shown = percent / 10;
            Console.WriteLine($"{doing} {text}");
            return;
        }
        var filled = (int)(value.Share * Width);
        Console.Write($"\r[{new string('#', filled)}{new string('-', Width - filled)}] {text}");
        if (value.Share >= 1) Console.WriteLine();
    }
}
