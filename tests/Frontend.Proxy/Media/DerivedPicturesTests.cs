using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using NetVips;

namespace Tests.Media;

public class DerivedPicturesTests
{
    [Fact]
    public async Task A_picture_wanted_by_many_at_once_is_made_once_and_whole()
    {
        await using var edge = new Edge();
        await edge.InitializeAsync();
        var hash = Picture.Store(edge.MediaFolder, 1600, 2000);

        var made = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Frontend.Proxy",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (Equals(span.GetTagItem("media.hash"), hash))
                    made.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(listener);

        using var finished = new CancellationTokenSource();
        var lengths = WatchLengthsAsync(edge.CacheFolder, finished.Token);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => edge.Client.GetByteArrayAsync($"/media/{hash}/1280.avif")));
        await finished.CancelAsync();

        Assert.Single(made);
        Assert.All(answers, bytes => Assert.Equal(answers[0], bytes));
        using var image = Image.NewFromBuffer(answers[0]);
        Assert.Equal(1280, image.Width);
        Assert.All(await lengths, length => Assert.Equal(answers[0].Length, length));
        Assert.Single(Directory.GetFiles(edge.CacheFolder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_caller_who_leaves_does_not_take_the_picture_from_the_others()
    {
        await using var edge = new Edge();
        await edge.InitializeAsync();
        var hash = Picture.Store(edge.MediaFolder, 1600, 2000);

        using var leaving = new CancellationTokenSource();
        var impatient = edge.Client.GetAsync($"/media/{hash}/1600.avif", leaving.Token);
        await Task.Delay(20);
        var patient = edge.Client.GetByteArrayAsync($"/media/{hash}/1600.avif");
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        using var image = Image.NewFromBuffer(await patient);
        Assert.Equal(1600, image.Width);
    }

    [Fact]
    public async Task More_than_the_queue_holds_are_asked_to_come_back()
    {
        await using var edge = new Edge { Settings = { ["Media:QueueLimit"] = "1" } };
        await edge.InitializeAsync();
        var hashes = Enumerable.Range(0, 8).Select(_ => Picture.Store(edge.MediaFolder, 1600, 1600)).ToList();

        var answers = await Task.WhenAll(hashes.Select(hash => edge.Client.GetAsync($"/media/{hash}/1600.avif")));

        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, answer => Assert.Equal(TimeSpan.FromSeconds(3), answer.Headers.RetryAfter?.Delta));
        Assert.All(answers.Except(refused), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.InRange(answers.Length - refused.Count, 1, 7);

        // Later there is room, also for those that were refused.
        foreach (var hash in hashes)
            Assert.NotEmpty(await edge.Client.GetByteArrayAsync($"/media/{hash}/160.webp"));
    }

    // What anybody would see under the picture's final name, at any time.
    private static Task<HashSet<long>> WatchLengthsAsync(string folder, CancellationToken finished) =>
        Task.Run(async () =>
        {
            var seen = new HashSet<long>();
            while (!finished.IsCancellationRequested)
            {
                seen.UnionWith(new DirectoryInfo(folder).EnumerateFiles("*.avif", SearchOption.AllDirectories).Select(file => file.Length));
                await Task.Delay(1);
            }

            return seen;
        });
}
