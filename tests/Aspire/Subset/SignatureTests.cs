namespace Tests.Subset;

/// <summary>
/// Holds the public surface of local/packages to the real API. <c>signatures.txt</c> lists what was compared with the source of
/// Aspire v13.5.2; with a checkout of microsoft/aspire at hand the comparison is made again:
/// <code>ASPIRE_SOURCE=/path/to/aspire dotnet run --project tests/Aspire -- --filter-class Tests.Subset.SignatureTests</code>
/// </summary>
public class SignatureTests
{
    [Fact]
    public void The_subset_has_exactly_the_signatures_that_were_compared_with_the_real_packages()
    {
        using var resource = typeof(SignatureTests).Assembly.GetManifestResourceStream("signatures.txt")!;
        using var reader = new StreamReader(resource);
        var compared = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var present = PublicSurface.Signatures();
        if (Environment.GetEnvironmentVariable("ASPIRE_SIGNATURES") is { Length: > 0 } file)
            File.WriteAllLines(file, present);

        Assert.Equal(compared.Order(StringComparer.Ordinal), present);
    }

    [Fact]
    public void Every_signature_is_in_the_source_of_the_real_packages()
    {
        var checkout = Environment.GetEnvironmentVariable("ASPIRE_SOURCE");
        Assert.SkipWhen(string.IsNullOrEmpty(checkout), "ASPIRE_SOURCE names no checkout of microsoft/aspire.");
        var real = RealSurface.Members(checkout!);
        var missing = PublicSurface.Signatures().Where(signature => !real.Contains(signature)).ToList();
        Assert.True(missing.Count == 0, $"Not in the real API:{Environment.NewLine}{string.Join(Environment.NewLine, missing)}");
    }
}
