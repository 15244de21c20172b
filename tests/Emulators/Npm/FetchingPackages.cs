using Local.Npm;
using Tests.Fixture;

namespace Tests.Emulators.Npm;

public sealed class FetchingPackages : IDisposable
{
    private const string Small = "is-number";
    private const string SmallVersion = "7.0.0";

    private readonly string _cache = Path.Combine(TestFolders.CreatePrivate(), "pack ages");

    public void Dispose() => TestFolders.Delete(Path.GetDirectoryName(_cache)!);

    [Fact]
    public async Task Many_callers_at_once_fetch_it_once()
    {
        var said = new List<string>();

        var folders = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => NpmPackage.InstallAsync(Small, SmallVersion, _cache, Hear, CancellationToken.None)));

        Assert.Single(folders.Distinct());
        Assert.True(File.Exists(Path.Combine(folders[0], "package.json")));
        Assert.Single(said, line => line.StartsWith("fetching", StringComparison.Ordinal));

        void Hear(string line)
        {
            lock (said)
                said.Add(line);
        }
    }

    [Fact]
    public async Task What_is_there_is_taken_without_a_network_or_a_lock()
    {
        var first = await NpmPackage.InstallAsync(Small, SmallVersion, _cache, null, CancellationToken.None);
        await using var held = new FileStream($"{_cache}/{Small}@{SmallVersion}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        Assert.Equal(first, await NpmPackage.InstallAsync(Small, SmallVersion, _cache, _ => Assert.Fail("nothing to say"), CancellationToken.None));
    }

    [Fact]
    public async Task A_package_whose_preparation_fails_is_not_there_and_the_next_try_is_clean()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => NpmPackage.InstallAsync(
            Small, SmallVersion, _cache, _ => throw new InvalidOperationException("unpacking failed"), null, CancellationToken.None));
        Assert.Empty(Directory.EnumerateDirectories(_cache));

        // What a killed fetch leaves behind is swept by the next one.
        Directory.CreateDirectory(Path.Combine(_cache, $"{Small}@{SmallVersion}.part-0123", "node_modules"));
        var folder = await NpmPackage.InstallAsync(Small, SmallVersion, _cache, package => File.WriteAllText(Path.Combine(package, "prepared"), ""), null, CancellationToken.None);

        Assert.True(File.Exists(Path.Combine(folder, "prepared")));
        Assert.Equal([$"{Small}@{SmallVersion}"], Directory.EnumerateDirectories(_cache).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("is-number", "9999.0.0")]
    [InlineData("@oddgrain-tests/there-is-no-such-package", "1.0.0")]
    public async Task A_package_or_version_that_does_not_exist_is_said(string name, string version)
    {
        var refused = await Assert.ThrowsAsync<NpmPackageException>(() => NpmPackage.InstallAsync(name, version, _cache, null, CancellationToken.None));

        Assert.Contains($"npm's {name} {version} could not be fetched: the npm registry does not have it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_fetch_leaves_nothing()
    {
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => NpmPackage.InstallAsync(
            Small, SmallVersion, _cache, line => cancel.Cancel(), cancel.Token));

        Assert.DoesNotContain(Directory.EnumerateDirectories(_cache), folder => !folder.Contains(".part-", StringComparison.Ordinal));
        Assert.True(Directory.Exists(await NpmPackage.InstallAsync(Small, SmallVersion, _cache, null, CancellationToken.None)));
    }
}
