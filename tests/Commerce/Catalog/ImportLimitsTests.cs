using System.Net;
using System.Net.Sockets;
using System.Text;
using Commerce.Catalog.Import;
using Commerce.Media;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Tests.Commerce.Catalog;

/// <summary>Files that would take more memory, time or columns than there are.</summary>
public class ImportLimitsTests(TestShop shop) : IClassFixture<TestShop>
{
    private const string Header = "Handle,Title,Variant Price\n";

    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task A_line_without_an_end_costs_itself_and_not_the_memory_of_the_shop()
    {
        var path = Path.Combine(shop.Folder, $"{_id}.csv");
        await using (var file = new StreamWriter(path))
        {
            await file.WriteAsync($"{Header}before-{_id},Before,1.00\n");
            for (var written = 0; written < 48 * 1024 * 1024; written += 1024) await file.WriteAsync(string.Concat(Enumerable.Repeat("a,", 512)));
            await file.WriteAsync($"\nafter-{_id},\"open\n");
            for (var written = 0; written < 2 * 1024 * 1024; written += 1024) await file.WriteAsync(new string('x', 1024));
            await file.WriteAsync($"\nlast-{_id},Last,1.00\n");
        }
        var report = new ImportReport();
        using var records = new CsvRecords(path, report);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = new List<string>();
        while (records.Read() is { } record) read.Add(record.Fields[0]);
        // Read to its end it would be two bytes for each of 48 million characters, and as much as that again for every field.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L * 1024 * 1024);
        Assert.Equal(["Handle", $"before-{_id}", $"last-{_id}"], read);
        Assert.Equal([3L, 4L, 5L], report.Problems.Select(p => p.Line));
    }

    [Fact]
    public async Task A_header_that_is_too_long_or_has_too_many_columns_is_no_header()
    {
        Assert.Contains("header", (await Assert.ThrowsAsync<ImportFileException>(() => ImportAsync(new string('x', CsvRecords.MaxCharacters + 1)))).Message);
        Assert.Contains("columns", (await Assert.ThrowsAsync<ImportFileException>(() => ImportAsync($"Handle,Title,Variant Price{string.Concat(Enumerable.Range(0, CsvRecords.MaxFields).Select(i => $",c{i}"))}\n"))).Message);
    }

    [Fact]
    public async Task Of_a_wide_row_only_the_columns_that_are_read_are_kept()
    {
        var others = CsvRecords.MaxFields - 5;
        var path = await WriteAsync($"Unknown,Handle,Title,{new string(',', others - 1)},Variant Price,Price / USD\n", $"x,a-{_id},A,{string.Concat(Enumerable.Repeat("b,", others))}1.00,2.00\n");
        using var file = new ShopifyFile(path, new ImportReport());
        var row = Assert.Single(Assert.Single(Assert.Single(file.Batches())).Rows);
        Assert.Equal(4, row.CellCount);
        Assert.Equal(($"a-{_id}", "A", "1.00", "2.00", "", true), (row["Handle"], row["title"], row["Variant Price"], row["Price / USD"], row["Vendor"], row.Speaks("Unknown")));
    }

    [Fact]
    public async Task A_batch_is_full_by_its_products_or_by_what_they_hold()
    {
        Assert.Equal((int[])[ShopifyFile.MaxProducts, 10], await SizesAsync(products: ShopifyFile.MaxProducts + 10, rows: 1, attributes: 0));
        // 3 products of 100 rows with 997 attributes and the 3 columns that must be there are 300,000 cells.
        Assert.Equal((int[])[3, 3, 1], await SizesAsync(products: 7, rows: 100, attributes: 997));

        async Task<int[]> SizesAsync(int products, int rows, int attributes)
        {
            var header = $"Handle,Title,Variant Price{string.Concat(Enumerable.Range(0, attributes).Select(i => $",A (product.metafields.custom.a{i})"))}\n";
            var path = await WriteAsync(header, string.Concat(Enumerable.Range(0, products * rows).Select(i => $"p{i / rows}-{_id},P,1.00{new string(',', attributes)}\n")));
            using var file = new ShopifyFile(path, new ImportReport());
            var batches = file.Batches().ToList();
            Assert.Equal(products * rows, batches.SelectMany(b => b).Sum(p => p.Rows.Count));
            return [.. batches.Select(b => b.Length)];
        }
    }

    [Fact]
    public async Task Of_columns_with_the_same_name_the_first_is_read_and_the_other_is_told()
    {
        await using var db = shop.Open();
        db.Add(new Location { Id = Guid.CreateVersion7(), Name = $"Berlin {_id}", Priority = 1 });
        await db.SaveChangesAsync();
        var report = await ImportAsync($"Handle,Title,Variant SKU,Variant Price,Shop: Stock / Berlin {_id},Shop: Stock / BERLIN {_id},title\nb-{_id},B,B-{_id},1.00,7,0,Other\n");
        Assert.Equal([(1L, $"Shop: Stock / BERLIN {_id}"), (1L, "title")], report.Problems.Select(p => (p.Line, p.Column)));
        var stock = await db.StockItems.Where(s => db.Variants.Any(v => v.Id == s.VariantId && v.Sku == $"B-{_id}")).Join(db.Locations, s => s.LocationId, l => l.Id, (s, l) => new { l.Name, s.OnHand }).ToListAsync();
        Assert.Equal(($"Berlin {_id}", 7), (Assert.Single(stock).Name, stock[0].OnHand));
        Assert.Equal("B", (await db.Products.SingleAsync(p => p.Slug == $"b-{_id}")).Title);
    }

    [Fact]
    public async Task A_location_is_found_whatever_the_capitals_of_its_column()
    {
        await using var db = shop.Open();
        var name = $"Łódź {_id}";
        foreach (var (spelled, units) in (new[] { (name, 7), (name.ToUpperInvariant(), 9) }))
            Assert.Empty((await ImportAsync($"Handle,Title,Variant SKU,Variant Price,Shop: Stock / {spelled}\nz-{_id},Z,Z-{_id},1.00,{units}\n")).Problems);
        var stock = await db.StockItems.Where(s => db.Variants.Any(v => v.Id == s.VariantId && v.Sku == $"Z-{_id}")).Join(db.Locations, s => s.LocationId, l => l.Id, (s, l) => new { l.Name, s.OnHand }).ToListAsync();
        Assert.Equal((name, 9), (Assert.Single(stock).Name, stock[0].OnHand));
    }

    [Fact]
    public async Task The_ledger_says_which_file_stock_came_from()
    {
        string File(int quantity) => $"Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty\nl-{_id},L,L-{_id},1.00,{quantity}\n";
        var path = Path.Combine(shop.Folder, $"stock-{_id}.csv");
        foreach (var quantity in (int[])[3, 5])
        {
            await System.IO.File.WriteAllTextAsync(path, File(quantity));
            Assert.Empty((await shop.ImportAsync(path, "")).Problems);
        }
        await using var db = shop.Open();
        var lines = await db.StockMovements.Where(m => db.StockItems.Any(s => s.Id == m.StockItemId && db.Variants.Any(v => v.Id == s.VariantId && v.Sku == $"L-{_id}"))).OrderBy(m => m.Id).ToListAsync();
        Assert.Equal([(3, $"import:stock-{_id}.csv"), (2, $"import:stock-{_id}.csv")], lines.Select(m => (m.OnHandChange, m.Reason!)));
    }

    [Fact]
    public async Task A_host_of_pictures_that_does_not_answer_is_asked_three_times_in_a_run_and_one_that_answers_anything_every_time()
    {
        using var dead = new TcpListener(IPAddress.Loopback, 0);
        using var alive = new TcpListener(IPAddress.Loopback, 0);
        dead.Start();
        alive.Start();
        var asked = (Dead: 0, Alive: 0);
        var hanging = HangUpAsync(dead, () => asked.Dead++, "HTTP/1.1 ");
        var answering = HangUpAsync(alive, () => asked.Alive++, "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var http = new PublicHttp(Options.Create(new ImportOptions { PrivateHosts = ["127.0.0.1"] }));
        var images = new ImageSource("", new MediaStore(Options.Create(new MediaOptions { Folder = shop.Folder })), http);
        var reasons = new List<string>();
        for (var i = 0; i < 6; i++)
            foreach (var listener in (TcpListener[])[dead, alive])
                reasons.Add((await images.FetchAsync($"http://{listener.LocalEndpoint}/{i}.png", CancellationToken.None)).Reason!);
        Assert.Equal((3, 6), asked);
        Assert.Equal(3, reasons.Count(r => r.Contains("has not answered 3 times in a row")));
        Assert.Equal(6, reasons.Count(r => r.Contains("500")));
        dead.Stop();
        alive.Stop();
        await Task.WhenAll(hanging, answering);
    }

    private static async Task HangUpAsync(TcpListener listener, Action heard, string answer)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                // The whole request is read: hanging up on the rest of it would be a reset, which takes the answer away from the client.
                using var request = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
                while (await request.ReadLineAsync() is { Length: > 0 }) ;
                heard();
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task<string> WriteAsync(params string[] lines)
    {
        var path = Path.Combine(shop.Folder, $"{Guid.NewGuid():N}.csv");
        await File.WriteAllTextAsync(path, string.Concat(lines));
        return path;
    }

    private Task<ImportReport> ImportAsync(string csv) => shop.ImportAsync(Encoding.UTF8.GetBytes(csv));
}
