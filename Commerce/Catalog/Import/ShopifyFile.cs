namespace Commerce.Catalog.Import;

/// <summary>The rows of one product, which stand together in the file.</summary>
internal sealed record ProductRows(string Handle, IReadOnlyList<ShopifyRow> Rows);

/// <summary>Streams Shopify's product CSV product by product. https://help.shopify.com/en/manual/products/import-export/using-csv</summary>
internal sealed class ShopifyFile : IDisposable
{
    /// <summary>Rows of one product that are taken; what is beyond would have to be held in memory.</summary>
    private const int MaxRows = 2000;

    /// <summary>Products, and cells of all of them, with which a batch is full; the last product may go beyond.</summary>
    internal const int MaxProducts = 50;
    internal const int MaxCells = 250_000;

    private readonly CsvRecords _records;
    private readonly ImportReport _report;

    /// <exception cref="ImportFileException">The file is missing, empty, or not a product CSV.</exception>
    public ShopifyFile(string path, ImportReport report)
    {
        if (!File.Exists(path)) throw new ImportFileException($"There is no file {path}.");
        _report = report;
        _records = new CsvRecords(path, report);
        var name = Path.GetFileName(path);
        Header = new ShopifyHeader(_records.Read()?.Fields ?? throw new ImportFileException($"{name} is empty."), name, report);
    }

    public ShopifyHeader Header { get; }

    public double Share => _records.Share;

    /// <summary>The products as many at a time as are held in memory and land together.</summary>
    public IEnumerable<ProductRows[]> Batches()
    {
        var (batch, cells) = (new List<ProductRows>(), 0);
        foreach (var product in Products())
        {
            batch.Add(product);
            cells += product.Rows.Sum(r => r.CellCount);
            if (batch.Count < MaxProducts && cells < MaxCells) continue;
            yield return [.. batch];
            (batch, cells) = ([], 0);
        }
        if (batch.Count > 0) yield return [.. batch];
    }

    private IEnumerable<ProductRows> Products()
    {
        string? handle = null;
        var rows = new List<ShopifyRow>();
        while (_records.Read() is { } record)
        {
            var row = new ShopifyRow(record.Line, Header, record.Fields, _report);
            var rowHandle = row[ShopifyRow.Handle].ToLowerInvariant();
            if (!Slug.IsValid(rowHandle))
            {
                row.Refuse(ShopifyRow.Handle, rowHandle == "" ? "Every row needs a handle." : $"'{rowHandle}' has other characters than letters, digits, - and _.");
                continue;
            }
            if (!row.TryFit()) continue;
            if (handle is not null && rowHandle != handle)
            {
                yield return new ProductRows(handle, rows);
                rows = [];
            }
            handle = rowHandle;
            if (rows.Count < MaxRows) rows.Add(row);
            else row.Refuse(ShopifyRow.Handle, $"A product takes at most {MaxRows} rows; this one was left out.");
        }
        if (handle is not null) yield return new ProductRows(handle, rows);
    }

    public void Dispose() => _records.Dispose();
}
