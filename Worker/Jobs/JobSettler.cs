using System.Threading.Channels;
using Commerce.Jobs;

namespace Worker.Jobs;

/// <summary>
/// Group commit for jobs that end without writes of their own: while one statement settles a group, the next group gathers. A job alone is a
/// group of one and waits for nobody.
/// </summary>
public sealed class JobSettler
{
    private const int MostAtOnce = 500;

    private readonly IServiceScopeFactory _scopes;
    private readonly Channel<(JobClaim Claim, TaskCompletionSource End)> _ended =
        Channel.CreateUnbounded<(JobClaim, TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });

    public JobSettler(IServiceScopeFactory scopes)
    {
        _scopes = scopes;
        _ = Task.Run(SettleGroupsAsync);
    }

    /// <summary>Returns once the end of the job is committed.</summary>
    /// <exception cref="LeaseLostException">Somebody else has claimed the row since.</exception>
    public Task SettleAsync(JobClaim claim)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ended.Writer.TryWrite((claim, end));
        return end.Task;
    }

    private async Task SettleGroupsAsync()
    {
        while (await _ended.Reader.WaitToReadAsync())
        {
            List<(JobClaim Claim, TaskCompletionSource End)> group = [];
            while (group.Count < MostAtOnce && _ended.Reader.TryRead(out var job)) group.Add(job);
            try
            {
                using var patience = new CancellationTokenSource(JobRunner.SettlePatience);
                var held = (await _scopes.QuietlyAsync(db => db.SettleAsync([.. group.Select(job => job.Claim)], patience.Token))).ToHashSet();
                foreach (var (claim, end) in group)
                    if (held.Contains(claim.Id)) end.SetResult();
                    else end.SetException(new LeaseLostException(claim));
            }
            catch (Exception failure)
            {
                // Every job of the group hears it, and its runner decides.
                foreach (var (_, end) in group) end.TrySetException(failure);
            }
        }
    }
}
