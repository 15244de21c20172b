using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Commerce.Mail;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Tests.Fixture;

namespace Tests.Worker.Mail;

/// <summary>
/// Experiment 8 on the Worker's side: SIGKILL to real processes at random points while orders are being paid. Small here; in full:
/// <c>KILLS=1000 dotnet run -c Release --project tests/Worker -- -class "*KilledWorkersTests" -showliveoutput</c>. A seed that failed is replayed by <c>SEED=n</c>.
/// </summary>
public sealed class KilledWorkersTests(PostgresFixture postgres, RedisFixture redis, MailServer mail) : MailTest(postgres, redis, mail), IClassFixture<MailServer>
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("KILLS") ?? "15", CultureInfo.InvariantCulture);
    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("SEED") ?? $"{Random.Shared.Next(1_000_000)}", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Every_paid_order_gets_its_receipt_whatever_worker_is_killed_when()
    {
        var random = new Random(Seed);
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"SEED={Seed} KILLS={Kills}");
        using var enough = new CancellationTokenSource();
        var paid = new ConcurrentQueue<(Guid Id, string Buyer)>();
        var paying = PayAllTheTimeAsync(paid, enough.Token);
        List<WorkerProcess> workers = [WorkerProcess.Start(Shop, Redis, Mail.SmtpPort), WorkerProcess.Start(Shop, Redis, Mail.SmtpPort)];
        for (var kill = 0; kill < Kills; kill++)
        {
            await EventuallyAsync(async () => await SentAsync() > 0, "workers send", workers.SelectMany(worker => worker.Output));
            await Task.Delay(random.Next(200, 2500));
            var doomed = workers[random.Next(workers.Count)];
            await doomed.KillAsync();
            await doomed.DisposeAsync();
            workers[workers.IndexOf(doomed)] = WorkerProcess.Start(Shop, Redis, Mail.SmtpPort);
            if (kill % 50 == 49) output.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {kill + 1} kills, {paid.Count} paid, {await SentAsync()} sent");
        }
        var lastKill = Stopwatch.StartNew();
        await enough.CancelAsync();
        await paying;
        await EventuallyAsync(async () => await UnsettledAsync() == 0, "every receipt is settled", workers.SelectMany(worker => worker.Output), TimeSpan.FromSeconds(180));
        output.WriteLine($"{paid.Count} paid orders; all settled {lastKill.Elapsed.TotalSeconds:0.0} s after the last kill");
        foreach (var worker in workers) await worker.DisposeAsync();

        var rows = (await RowsAsync()).FindAll(row => row.Kind == JobKinds.SendReceipt); // beside them stands what the schedule brings at its minute
        Assert.Equal(paid.Count, rows.Count);
        Assert.All(rows, row => Assert.Equal(JobState.Done, row.State));
        // In PostgreSQL exactly once: the ledger's line that says sent commits with the end of the job.
        var sends = (await LedgerAsync()).ToLookup(send => send.SubjectId);
        Assert.All(paid, order => Assert.Single(sends[order.Id], send => send.State == MailSendState.Sent));
        // Outside: at least once, and every copy but the first is announced by a marked line.
        var extra = 0;
        foreach (var (id, buyer) in paid)
        {
            var received = await Mail.CopiesToAsync(buyer);
            Assert.InRange(received, 1, 1 + sends[id].Count(send => send.IsAmbiguous));
            extra += received - 1;
        }
        output.WriteLine($"{rows.Sum(row => row.Failures)} runs were lost, {sends.Sum(order => order.Count(send => send.IsAmbiguous))} sends marked ambiguous, {extra} extra copies");
        Assert.True(extra <= Kills * global::Worker.JobPump.Slots, $"{extra} extra copies after {Kills} kills");
    }

    private static string Buyer(int index) => $"buyer-{index}@example.com";

    private async Task PayAllTheTimeAsync(ConcurrentQueue<(Guid Id, string Buyer)> paid, CancellationToken enough)
    {
        for (var index = 1; !enough.IsCancellationRequested; index++)
        {
            await using var db = Open();
            var order = PaidOrder.Example(Buyer(index), index: index);
            db.Add(order);
            db.Enqueue(new NewJob(JobKinds.SendReceipt, new { orderId = order.Id }, $"order:{order.Id}", order.TraceParent));
            await db.SaveChangesAsync(CancellationToken.None);
            paid.Enqueue((order.Id, order.Email));
            await Task.Delay(Kills > 100 ? 100 : 40, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> SentAsync()
    {
        await using var db = Open();
        return await db.Set<MailSend>().CountAsync(send => send.State == MailSendState.Sent);
    }

    private async Task<int> UnsettledAsync()
    {
        await using var db = Open();
        return await db.Set<OutboxRow>().CountAsync(row => row.SettledAt == null);
    }
}
