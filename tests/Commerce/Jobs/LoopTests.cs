using Commerce.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tests.Commerce.Jobs;

public class LoopTests
{
    [Fact]
    public async Task A_loop_outlives_whatever_one_of_its_rounds_throws()
    {
        var rounds = 0;
        using var stopping = new CancellationTokenSource();
        var loop = Loop.RunAsync(NullLogger.Instance, async () =>
        {
            if (++rounds == 4) await stopping.CancelAsync();
            return rounds switch
            {
                1 => throw new FormatException(),
                2 => throw new KeyNotFoundException(),
                3 => throw new OperationCanceledException(),
                _ => TimeSpan.Zero,
            };
        }, wake: null, stopping.Token);
        await loop.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(4, rounds);
    }
}
