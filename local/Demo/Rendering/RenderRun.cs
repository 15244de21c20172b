using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Enumeration;
using Local.Demo.Catalog;
using Local.Demo.Families;
using Local.Demo.Goods;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Rendering;

/// <summary>Renders the pictures a catalogue names into a folder: only those that are missing or were made by other code.</summary>
internal sealed class RenderRun(string folder, TextWriter output)
{
    private const int LinesEvery = 20;
    private static readonly TimeSpan LockPatience = TimeSpan.FromMinutes(10);

    /// <returns>How many pictures were made.</returns>
    /// <exception cref="CatalogException">The catalogue names a picture nobody knows how to make, or the folder cannot be used.</exception>
    public int Run(string catalog, string? only, CancellationToken stop)
    {
        var files = CatalogCsv.ImageFiles(catalog);
        var recipes = files.Select(f => Recipe.For(f) ?? throw new CatalogException($"{catalog} names the picture '{f}', but there is no such work or kind of picture.")).ToList();
        using var guard = Lock(stop);
        using var ledger = new Ledger(folder);
        var wanted = only is null ? recipes : [.. recipes.Where(r => FileSystemName.MatchesSimpleExpression(only, r.File))];
        var versions = wanted.ToDictionary(r => r.File, r => r.Version, StringComparer.Ordinal);
        var stale = wanted.Where(r => !ledger.Holds(r.File, versions[r.File])).ToList();
        if (stale.Count > 0) Make(stale, versions, ledger, stop);
        if (only is null) Sweep(ledger, files, stale.Count > 0);
        return stale.Count;
    }

    public static Subject SubjectOf(Work work, SKImage sheet) => new(sheet, Sheet.Picture, Palettes.Named(work.Palette), Collection.All[work.Collection].Studio, work.Seed);

    private void Make(List<Recipe> stale, Dictionary<string, string> versions, Ledger ledger, CancellationToken stop)
    {
        var (done, clock) = (0, Stopwatch.StartNew());
        output.WriteLine($"Rendering pictures 0/{stale.Count}");
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop };
        // One work after the other, not in blocks: neighbours share a studio.
        var works = Partitioner.Create(stale.GroupBy(r => r.Work), EnumerablePartitionerOptions.NoBuffering);
        Parallel.ForEach(works, options, group =>
        {
            var work = group.Key;
            var family = Family.All[work.Family];
            using var sheet = family.Print(work.Seed, work.Mode, Palettes.Named(work.Palette));
            using var image = SKImage.FromPixels(sheet.PeekPixels());
            using var subject = SubjectOf(work, image);
            foreach (var recipe in group)
            {
                stop.ThrowIfCancellationRequested();
                var bytes = recipe.Make(subject);
                Save(recipe.File, bytes);
                ledger.Add(recipe.File, versions[recipe.File], bytes.Length);
                var count = Interlocked.Increment(ref done);
                if (count % LinesEvery == 0 || count == stale.Count) output.WriteLine($"Rendering pictures {count}/{stale.Count}");
            }
        });
        output.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Rendered {stale.Count} pictures in {clock.Elapsed.TotalSeconds:0.0} s."));
    }

    private void Save(string file, byte[] bytes)
    {
        var path = Path.Combine(folder, file);
        File.WriteAllBytes(path + ".part", bytes);
        File.Move(path + ".part", path, overwrite: true);
    }

    /// <summary>Removes pictures this tool made that the catalogue no longer names, and leftovers of a killed run.</summary>
    private void Sweep(Ledger ledger, IReadOnlyCollection<string> files, bool changed)
    {
        var named = files.ToHashSet(StringComparer.Ordinal);
        var gone = ledger.Files.Where(f => !named.Contains(f)).ToList();
        foreach (var file in gone) File.Delete(Path.Combine(folder, file));
        foreach (var part in Directory.EnumerateFiles(folder, "*.part")) File.Delete(part);
        if (changed || gone.Count > 0) ledger.Compact(gone);
    }

    /// <summary>One run per folder at a time: a second one waits and then finds everything done.</summary>
    private FileStream Lock(CancellationToken stop)
    {
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                Directory.CreateDirectory(folder);
                return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new CatalogException($"The folder for the pictures, {folder}, cannot be written: {e.Message}");
            }
            catch (IOException e) when (Directory.Exists(folder))
            {
                if (waiting.Elapsed > LockPatience) throw new CatalogException($"Another run has been rendering into {folder} for {LockPatience.TotalMinutes} minutes: {e.Message}");
                if (stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200))) throw new OperationCanceledException(stop);
            }
            catch (IOException e)
            {
                throw new CatalogException($"The folder for the pictures, {folder}, cannot be made: {e.Message}");
            }
        }
    }
}
