using System.Data.Common;
using System.Diagnostics;
using Commerce;
using Commerce.Jobs;
using Commerce.OnCall;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;

namespace Worker.Watchdog;

/// <summary>
/// The watch itself, held by at most one process: an advisory lock on one connection, and everything is read and written through that
/// connection, so that whoever has lost the lock can no longer write either.
/// </summary>
internal sealed class Watch(NpgsqlConnection connection, PagerDutyClient pager, IncidentEvents events, Vigil vigil, WatchdogOptions options, ILogger logger) : IAsyncDisposable
{
    /// <summary>Name of the advisory lock; any number, as long as nothing else uses it.</summary>
    private const long LockId = 0x4F_44_44_57;

    private static readonly TimeSpan FirstResend = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestResend = TimeSpan.FromMinutes(5);

    private static readonly string[] Known = [.. Alerts.All.Keys];

    private readonly Dictionary<string, (Finding Finding, long At)> _slow = [];

    /// <summary>Names of the alerts that are open, after each look.</summary>
    public IReadOnlyList<string> Open { get; private set; } = [];

    /// <returns>Null when another process watches.</returns>
    /// <exception cref="DbException">PostgreSQL is away.</exception>
    public static async Task<Watch?> TryTakeAsync(
        NpgsqlConnection connection, PagerDutyClient pager, IncidentEvents events, Vigil vigil, IOptions<WatchdogOptions> options, ILogger logger, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection)
        {
            CommandTimeout = SecondsOf(options.Value.DatabaseAnswersWithin),
            Parameters = { new() { Value = LockId } },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellation))! ? new Watch(connection, pager, events, vigil, options.Value, logger) : null;
    }

    /// <summary>One look at everything, and what follows from it told to PagerDuty.</summary>
    /// <exception cref="DbException">The connection, and with it the watch, is lost.</exception>
    public async Task LookAsync(CancellationToken cancellation)
    {
        await using var db = OpenDb();
        // Also asks whether PostgreSQL answers at all, before what may take longer.
        db.Database.SetCommandTimeout(SecondsOf(options.DatabaseAnswersWithin));
        var now = (await db.Database.SqlQuery<DateTimeOffset>($"SELECT now() AS \"Value\"").ToListAsync(cancellation))[0];
        db.Database.SetCommandTimeout((int?)null);
        foreach (var condition in Conditions.All)
        {
            vigil.See();
            await JudgeAsync(db, condition, await FindAsync(db, condition, cancellation), now, cancellation);
        }
        await SeeUnknownAsync(db, now, cancellation);
        await db.Database.ExecuteSqlAsync($"DELETE FROM signals WHERE at < now() - {options.SignalsKeptFor}", cancellation);
        await TellAsync(db, now, cancellation);
        Open = await db.Set<Incident>().Where(i => i.State == IncidentState.Open).Select(i => i.Alert).ToListAsync(cancellation);
    }

    private async Task<Finding> FindAsync(ShopDb db, Condition condition, CancellationToken cancellation)
    {
        if (condition.IsSlow && _slow.TryGetValue(condition.Alert.Name, out var known) && Stopwatch.GetElapsedTime(known.At) < options.SlowEvery) return known.Finding;
        Finding finding;
        try
        {
            finding = await condition.LookAsync(db, options, vigil.Length, cancellation);
        }
        catch (PostgresException broken) when (!broken.IsTransient)
        {
            // One statement that does not work must not blind the others.
            logger.LogError(broken, "The watchdog could not look at {Alert}", condition.Alert.Name);
            finding = Finding.Between;
        }
        if (condition.IsSlow) _slow[condition.Alert.Name] = (finding, Stopwatch.GetTimestamp());
        return finding;
    }

    private async Task JudgeAsync(ShopDb db, Condition condition, Finding finding, DateTimeOffset now, CancellationToken cancellation)
    {
        var incident = await db.Set<Incident>().SingleOrDefaultAsync(i => i.Alert == condition.Alert.Name && i.State != IncidentState.Resolved, cancellation);
        var before = incident?.State;
        switch (finding.Verdict)
        {
            case Verdict.Bad:
                var summary = finding.Summary.CutTo(Incident.MaxSummary);
                if (incident is null) db.Add(incident = new Incident { Alert = condition.Alert.Name, Summary = summary, Details = finding.Details, BadSince = now });
                var isNews = finding.IsNewsAfter(incident.Details);
                incident.SeeBad(summary, finding.Details, options.OpenAfter, now);
                if (isNews) incident.TellAgain();
                break;
            case Verdict.Clear when incident?.State == IncidentState.Suspected:
                db.Remove(incident);
                break;
            case Verdict.Clear:
                incident?.SeeClear(options.ResolveAfter, now);
                break;
            default:
                incident?.SeeBetween();
                break;
        }
        await db.SaveChangesAsync(cancellation);
        if (incident?.State == IncidentState.Open && before != IncidentState.Open) logger.LogError("Incident {Alert} opens: {Summary}", incident.Alert, incident.Summary);
        if (incident?.State == IncidentState.Resolved) logger.LogInformation("Incident {Alert} is over", incident.Alert);
    }

    /// <summary>Another version's alerts are that version's to open and to close; one that nobody has found bad for so long belongs to none any more.</summary>
    private async Task SeeUnknownAsync(ShopDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var incident in await db.Set<Incident>().Where(i => i.State == IncidentState.Open && !Known.Contains(i.Alert)).ToListAsync(cancellation))
        {
            incident.SeeClear(options.UnknownKeptFor, now);
            if (incident.State == IncidentState.Resolved) logger.LogWarning("Incident {Alert} is of no alert of this version and is closed", incident.Alert);
        }
        await db.SaveChangesAsync(cancellation);
    }

    private async Task TellAsync(ShopDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        var untold = await db.Set<Incident>().Where(i => (i.State == IncidentState.Open && i.TriggeredAt == null && Known.Contains(i.Alert))
            || (i.State == IncidentState.Resolved && i.IsTriggerTried && i.ResolveSentAt == null)).OrderBy(i => i.Id).ToListAsync(cancellation);
        foreach (var incident in untold.Where(i => i.NextSendAt is null || i.NextSendAt <= now))
        {
            // Before the wire: a trigger without an answer may have been taken, and has to be resolved one day.
            if (incident.HasToTrigger) incident.TryTrigger();
            await db.SaveChangesAsync(cancellation);
            try
            {
                await pager.SendAsync(incident.HasToTrigger ? events.Trigger(incident) : IncidentEvents.Resolve(incident.Alert), cancellation);
                incident.Sent(now);
            }
            catch (PagerDutyException failure)
            {
                var delay = Backoff.After(incident.SendFailures + 1, FirstResend);
                incident.SendFailed(failure.Message, delay < LongestResend ? delay : LongestResend, now);
                logger.LogError(failure, "PagerDuty was not told of {Alert}; again in {Delay}", incident.Alert, delay);
            }
            await db.SaveChangesAsync(cancellation);
            vigil.See(); // a PagerDuty that hangs is no break
        }
    }

    private static int SecondsOf(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    /// <summary>Without retries: a broken connection is the end of this watch.</summary>
    private ShopDb OpenDb() => new(new DbContextOptionsBuilder<ShopDb>().UseNpgsql(connection).UseSnakeCaseNamingConvention().Options);

    /// <summary>Closes the connection and with it the lock.</summary>
    public async ValueTask DisposeAsync()
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        await connection.DisposeAsync();
    }
}
