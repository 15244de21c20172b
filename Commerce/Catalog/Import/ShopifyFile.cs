namespace Commerce.Catalog.Import;

/// <summary>The rows of one product, which stand together in the file.</summary>
internal sealed record ProductRows(string Handle, IReadOnlyList<ShopifyRow> Rows);

/// <summary>Streams Shopify's product CSV product by product. https://help.shopify.com/en/manual/products/import-export/using-csv</summary>
internal sealed class ShopifyFile : IDisposable
{
    private static readonly string[] Required = [ShopifyRow.Handle, ShopifyRow.Title, ShopifyRow.Price];

    private readonly CsvRecords _records;
    private readonly ImportReport _report;
    private readonly Dictionary<string, int> _columns = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ImportFileException">The file is missing, empty, or not a product CSV.</exception>
    public ShopifyFile(string path, ImportReport report)
    {
        if (!File.Exists(path)) throw new ImportFileException($"There is no file {path}.");
        _report = report;
        _records = new CsvRecords(path, report);
        var header = _records.Read()?.Fields ?? throw new ImportFileException($"{path} is empty.");
        for (var i = 0; i < header.Length; i++) _columns.TryAdd(header[i].Trim(), i);
        var missing = Required.Where(column => !_columns.ContainsKey(column)).ToList();
        if (missing.Count > 0)
            throw new ImportFileException($"{path} is not a product CSV in Shopify's format: the header has no column {string.Join(", ", missing)}.");
    }

    public double Share => _records.Share;

    public IEnumerable<ProductRows> Products()
    {
        string? handle = null;
        var rows = new List<ShopifyRow>();
        while (_records.Read() is { } record)
        {
            var row = new ShopifyRow(record.Line, _columns, record.Fields, _report);
            var rowHandle = row[ShopifyRow.Handle].ToLowerInvariant();
            if (!Slug.IsValid(rowHandle))
            {
                row.Refuse(ShopifyRow.Handle, rowHandle == "" ? "Every row needs a handle." : $"'{rowHandle}' has other characters than letters, digits, - and _.");
                continue;
            }
            if (handle is not null && rowHandle != handle)
            {
                yield return new ProductRows(handle, rows);
                rows = [];
            }
            handle = rowHandle;
            rows.Add(row);
        }
        if (handle is not null) yield return new ProductRows(handle, rows);
    }

    public void Dispose() => _records.Dispose();
}
