namespace Tests.Frontend;

/// <summary>The storefront's own checks, so that <c>dotnet test</c> runs all there are.</summary>
public sealed class StorefrontTests(StorefrontCopy storefront) : IClassFixture<StorefrontCopy>
{
    [Fact]
    public Task Its_unit_tests_pass() => storefront.NpmAsync("test");

    [Fact]
    public Task Its_types_hold() => storefront.NpmAsync("run", "typecheck");

    [Fact]
    public Task Its_style_holds() => storefront.NpmAsync("run", "lint");

    [Fact]
    public async Task Its_client_is_the_one_the_OpenAPI_document_gives()
    {
        var client = Path.Combine(storefront.Folder, "lib", "api-types.ts");
        var committed = await File.ReadAllTextAsync(client);
        await storefront.NpmAsync("run", "api:types");
        Assert.Equal(committed, await File.ReadAllTextAsync(client));
    }
}
