using Local.Demo.Catalog;
using Local.Demo.Rendering;

namespace Tests.Demo;

public sealed class RenderRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oddgrain pictures ").FullName;

    private string Catalogue => Path.Combine(_folder, "catalog.csv");

    private string Pictures => Path.Combine(_folder, "out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Only_missing_damaged_and_outdated_pictures_are_made_again()
    {
        Write("truchet-7-detail.jpg", "truchet-7-mug.jpg");
        Assert.Equal(2, Run());
        Assert.Equal(0, Run());

        File.Delete(Path.Combine(Pictures, "truchet-7-mug.jpg"));
        Assert.Equal(1, Run());

        File.WriteAllBytes(Path.Combine(Pictures, "truchet-7-detail.jpg"), [1, 2, 3]);
        Assert.Equal(1, Run());

        var manifest = Path.Combine(Pictures, "manifest.tsv");
        var old = File.ReadAllLines(manifest).Select(l => l.StartsWith("truchet-7-mug", StringComparison.Ordinal) ? "truchet-7-mug.jpg\tolder\t1" : l).ToArray();
        File.WriteAllLines(manifest, old);
        Assert.Equal(1, Run());
        Assert.Equal(0, Run());
    }

    [Fact]
    public void A_killed_run_leaves_a_torn_line_and_a_part_file_and_the_next_one_goes_on()
    {
        Write("truchet-7-detail.jpg");
        Run();
        var bytes = File.ReadAllBytes(Path.Combine(Pictures, "truchet-7-detail.jpg"));
        File.AppendAllText(Path.Combine(Pictures, "manifest.tsv"), "truchet-7-m");
        File.WriteAllText(Path.Combine(Pictures, "truchet-7-tote.jpg.part"), "half");
        Write("truchet-7-detail.jpg", "truchet-7-art.jpg");

        Assert.Equal(1, Run());
        Assert.Equal(0, Run());
        Assert.Empty(Directory.EnumerateFiles(Pictures, "*.part"));
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(Pictures, "truchet-7-detail.jpg")));
    }

    [Fact]
    public void Pictures_the_catalogue_no_longer_names_are_removed_but_nothing_of_others()
    {
        Write("truchet-7-detail.jpg", "truchet-7-art.jpg");
        Run();
        File.WriteAllText(Path.Combine(Pictures, "holiday.jpg"), "not ours");
        Write("truchet-7-art.jpg");
        Run();
        Assert.False(File.Exists(Path.Combine(Pictures, "truchet-7-detail.jpg")));
        Assert.True(File.Exists(Path.Combine(Pictures, "holiday.jpg")));
    }

    [Fact]
    public void A_picture_nobody_can_make_is_named_and_nothing_is_rendered()
    {
        Write("truchet-7-art.jpg", "truchet-7-teapot.jpg");
        var error = Assert.Throws<CatalogException>(() => Run());
        Assert.Contains("truchet-7-teapot.jpg", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Pictures));
    }

    [Fact]
    public void A_missing_or_foreign_catalogue_is_refused_in_words()
    {
        Assert.Contains("no catalogue", Assert.Throws<CatalogException>(() => Run()).Message, StringComparison.Ordinal);
        File.WriteAllText(Catalogue, "a,b\n1,2\n");
        Assert.Contains("Image Src", Assert.Throws<CatalogException>(() => Run()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quoted_fields_with_commas_quotes_and_line_breaks_are_read_back_as_written()
    {
        string[] fields = ["plain", "with, comma", "with \"quotes\"", "two\nlines", ""];
        Assert.Equal(fields, Csv.Records(Csv.Line(fields)).Single());
    }

    private int Run() => new RenderRun(Pictures, TextWriter.Null).Run(Catalogue, only: null, TestContext.Current.CancellationToken);

    private void Write(params string[] files) => File.WriteAllText(Catalogue, "Handle,Image Src\n" + string.Concat(files.Select(f => $"x,{f}\n")));
}
