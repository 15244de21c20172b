namespace Tests.Media;

public class CacheBudgetTests
{
    [Fact]
    public async Task The_oldest_derived_pictures_make_room_for_new_ones_and_come_back_when_asked_for()
    {
        await using var edge = new Edge { Settings = { ["Media:CacheLimitMegabytes"] = "1" } };
        await edge.InitializeAsync();

        var hashes = Enumerable.Range(0, 12).Select(_ => Picture.Store(edge.MediaFolder, 640, 640)).ToList();
        foreach (var hash in hashes)
            Assert.NotEmpty(await edge.Client.GetByteArrayAsync($"/media/{hash}/640.jpg"));

        var kept = Directory.GetFiles(edge.CacheFolder, "*", SearchOption.AllDirectories);
        Assert.InRange(kept.Sum(file => new FileInfo(file).Length), 1, 1024 * 1024);
        Assert.Contains(kept, file => file.Contains(hashes[^1], StringComparison.Ordinal));
        Assert.DoesNotContain(kept, file => file.Contains(hashes[0], StringComparison.Ordinal));
        Assert.NotEmpty(await edge.Client.GetByteArrayAsync($"/media/{hashes[0]}/640.jpg"));
    }

    [Fact]
    public async Task What_a_killed_process_left_unfinished_is_removed_at_the_start()
    {
        await using var edge = new Edge();
        Directory.CreateDirectory(edge.CacheFolder);
        var abandoned = Path.Combine(edge.CacheFolder, "a.avif.1.part");
        var inTheMaking = Path.Combine(edge.CacheFolder, "b.avif.2.part");
        await File.WriteAllTextAsync(abandoned, "half");
        await File.WriteAllTextAsync(inTheMaking, "half");
        File.SetLastWriteTimeUtc(abandoned, DateTime.UtcNow.AddHours(-1));
        await edge.InitializeAsync();

        Assert.False(File.Exists(abandoned));
        Assert.True(File.Exists(inTheMaking));
    }

    [Fact]
    public async Task A_cache_folder_that_cannot_be_written_stops_the_start_with_its_name()
    {
        await using var edge = new Edge();
        var file = Path.Combine(Directory.CreateTempSubdirectory("edge-tests-").FullName, "a-file");
        await File.WriteAllTextAsync(file, "");
        edge.Settings["Media:CacheFolder"] = file;

        var error = await Assert.ThrowsAnyAsync<Exception>(async () => await edge.InitializeAsync());
        Assert.Contains(file, error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Media__CacheFolder", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_setting_stops_the_start_with_its_name()
    {
        await using var edge = new Edge { Settings = { ["Media:Folder"] = "" } };

        var error = await Assert.ThrowsAnyAsync<Exception>(async () => await edge.InitializeAsync());
        Assert.Contains("Media__Folder is missing", error.ToString(), StringComparison.Ordinal);
    }
}
