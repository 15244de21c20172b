using System.Text;
using Commerce.Catalog.Import;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce.Catalog;

/// <summary>Files in other encodings, and with bytes that are no text.</summary>
public class ImportEncodingTests(TestShop shop) : IClassFixture<TestShop>
{
    private const string Title = "Öl Größe – “x” № ı 水";

    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task Bytes_that_are_no_text_cost_their_record_and_the_others_of_a_UTF_8_file_stay_what_they_are()
    {
        // Larger than what is read at once, so that characters lie across its ends.
        var good = string.Concat(Enumerable.Range(0, 4000).Select(i => $"g{i}-{_id},{(i % 1000 == 0 ? Title : new string('ö', i % 50))}x,1.00\n"));
        byte[] bad = [.. Encoding.UTF8.GetBytes($"bad-{_id},\"B\n"), 0xFF, .. Encoding.UTF8.GetBytes($"ö\",1.00\n"), .. Encoding.UTF8.GetBytes($"last-{_id},{Title},1.00\n")];
        var report = await shop.ImportAsync([.. Encoding.UTF8.GetBytes("Handle,Title,Variant Price\n" + good), .. bad]);
        var problem = Assert.Single(report.Problems);
        Assert.Equal(("UTF-8", 4001, 4002L, "encoding"), (report.Encoding, report.Created, problem.Line, problem.Column));
        await using var db = shop.Open();
        Assert.Equal(Title, (await db.Products.SingleAsync(p => p.Slug == $"last-{_id}")).Title);
        Assert.Equal(0, await db.Products.CountAsync(p => p.Slug == $"bad-{_id}" || p.Title.Contains("\uFFFD") || p.Title.Contains("\uFFFF")));
    }

    [Fact]
    public async Task A_file_of_an_old_spreadsheet_is_Windows_1252_with_its_dashes_and_euros()
    {
        var windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
        var report = await shop.ImportAsync(windows.GetBytes($"Handle,Title,Variant Price\nw-{_id},Größe – 10 € “Café”,1.00\nplain-{_id},Plain,1.00\n"));
        Assert.Equal(("Windows-1252", 0, 2), (report.Encoding, report.ProblemCount, report.Created));
        await using var db = shop.Open();
        Assert.Equal("Größe – 10 € “Café”", (await db.Products.SingleAsync(p => p.Slug == $"w-{_id}")).Title);
    }

    [Theory]
    [InlineData("utf-8", "UTF-8")]
    [InlineData("utf-16", "UTF-16")]
    [InlineData("utf-16BE", "UTF-16BE")]
    public async Task The_mark_at_the_start_of_a_file_says_what_it_is(string encoding, string said)
    {
        var marked = Encoding.GetEncoding(encoding);
        var report = await shop.ImportAsync([.. marked.GetPreamble(), .. marked.GetBytes($"Handle,Title,Variant Price\r\nm-{_id},{Title},1.00\r\n")]);
        Assert.Equal((said, 0), (report.Encoding, report.ProblemCount));
        await using var db = shop.Open();
        Assert.Equal(Title, (await db.Products.SingleAsync(p => p.Slug == $"m-{_id}")).Title);
    }

    [Fact]
    public async Task A_header_with_bytes_that_are_no_text_is_no_header() =>
        Assert.Contains("header", (await Assert.ThrowsAsync<ImportFileException>(() => shop.ImportAsync([.. "Handle,Title,Variant Price,"u8, 0xFF, .. Encoding.UTF8.GetBytes($"\nh-{_id},{Title},1.00,\n")]))).Message);
}
