using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Commerce;
using Commerce.Mail;
using Commerce.Outbox;
using Local.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Tests.Fixture;

namespace Tests.Worker.Mail;

/// <summary>
/// Experiment 13 on the Worker's side: PostgreSQL itself gets SIGKILL while orders are being paid, on a durable server. The Workers are not
/// restarted. More kills: <c>POSTGRES_KILLS=20 dotnet run -c Release --project tests/Worker -- -class "*KilledPostgresTests" -showliveoutput</c>
/// </summary>
public sealed class KilledPostgresTests(RedisFixture redis, MailServer mail) : IClassFixture<MailServer>
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("POSTGRES_KILLS") ?? "2", CultureInfo.InvariantCulture);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly PostgresOptions _options = new()
    {
        Port = TestFolders.FreePort(),
        DataFolder = Path.Combine(TestFolders.CreatePrivate(), "postgres"),
        BinariesFolder = TestFolders.Packages,
        Password = Guid.NewGuid().ToString("N"),
    };

    [Fact]
    public async Task Killed_under_load_it_loses_no_acknowledged_job_and_no_worker_needs_a_restart()
    {
        await mail.ResetAsync();
        var server = await EmbeddedPostgres.StartAsync(_options, _ => { }, CancellationToken.None);
        var (number, queue) = await redis.RentAsync();
        await using (var source = NpgsqlDataSource.Create(server.ConnectionString))
        {
            await using (var db = ShopDb.Open(source)) await db.Database.MigrateAsync();
            await using var first = WorkerProcess.Start(server.ConnectionString, queue, mail.SmtpPort);
            await using var second = WorkerProcess.Start(server.ConnectionString, queue, mail.SmtpPort);
            using var enough = new CancellationTokenSource();
            var acknowledged = new ConcurrentQueue<Guid>();
            var paying = PayAllTheTimeAsync(source, acknowledged, enough.Token);
            for (var kill = 0; kill < Kills; kill++)
            {
                var sent = await SentAsync(source);
                await UntilAsync(async () => await SentAsync(source) > sent + 5, "receipts go out", first.Output.Concat(second.Output));
                using (var postmaster = Process.GetProcessById(server.ProcessId)) postmaster.Kill();
                await server.DisposeAsync();
                server = await EmbeddedPostgres.StartAsync(_options, _ => { }, CancellationToken.None);
                var back = Stopwatch.StartNew();
                sent = await SentAsync(source);
                await UntilAsync(async () => await SentAsync(source) > sent, "receipts go out again", first.Output.Concat(second.Output));
                TestContext.Current.TestOutputHelper!.WriteLine($"first receipt {back.Elapsed.TotalSeconds:0.0} s after PostgreSQL was back");
            }
            await enough.CancelAsync();
            await paying;
            await UntilAsync(async () =>
            {
                await using var db = ShopDb.Open(source);
                return !await db.Set<OutboxRow>().AnyAsync(row => row.SettledAt == null);
            }, "everything is settled", first.Output.Concat(second.Output));
            Assert.False(first.HasExited || second.HasExited);
            await using var check = ShopDb.Open(source);
            var sentOnce = await check.Set<MailSend>().Where(send => send.State == MailSendState.Sent).Select(send => send.SubjectId).ToListAsync();
            Assert.Equal(sentOnce.Count, sentOnce.Distinct().Count());
            Assert.Empty(acknowledged.Except(sentOnce));
            Assert.False(await check.Set<OutboxRow>().AnyAsync(row => row.State != JobState.Done));
            TestContext.Current.TestOutputHelper!.WriteLine($"{acknowledged.Count} acknowledged, {sentOnce.Count} sent");
        }
        await server.DisposeAsync();
        redis.Return(number);
        TestFolders.Delete(Path.GetDirectoryName(_options.DataFolder)!);
    }

    private static async Task PayAllTheTimeAsync(NpgsqlDataSource source, ConcurrentQueue<Guid> acknowledged, CancellationToken enough)
    {
        for (var index = 1; !enough.IsCancellationRequested; index++)
        {
            try
            {
                await using var db = ShopDb.Open(source);
                var order = PaidOrder.Example(index: index);
                db.Add(order);
                db.Enqueue(new NewJob(JobKinds.SendReceipt, new { orderId = order.Id }, $"order:{order.Id}", order.TraceParent));
                await db.SaveChangesAsync(CancellationToken.None);
                acknowledged.Enqueue(order.Id);
            }
            catch (Exception unacknowledged) when (unacknowledged is NpgsqlException or DbUpdateException or RetryLimitExceededException or InvalidOperationException)
            {
                // Whether this order exists nobody knows; if it does, its receipt is sent all the same.
            }
            await Task.Delay(30, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<int> SentAsync(NpgsqlDataSource source)
    {
        await using var db = ShopDb.Open(source);
        return await db.Set<MailSend>().CountAsync(send => send.State == MailSendState.Sent);
    }

    private static async Task UntilAsync(Func<Task<bool>> isTrue, string what, IEnumerable<string> output)
    {
        for (var clock = Stopwatch.StartNew(); !await isTrue(); await Task.Delay(100))
            if (clock.Elapsed > Patience) Assert.Fail($"Not within {Patience}: {what}\n{string.Join('\n', output)}");
    }
}
