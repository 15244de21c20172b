using Commerce.Jobs;
using Commerce.Outbox;
using Cronos;

namespace Worker.Jobs;

/// <summary>A line of the schedule. Its job takes no arguments, or finds out itself what is due.</summary>
/// <param name="Name">Unique, for people; stored with every slot.</param>
/// <param name="Cron">Five fields, or six with seconds in front.</param>
/// <param name="TimeZone">IANA name. A local time that daylight saving skips runs right after the gap; one that comes twice runs the first time.</param>
/// <param name="Kind">One of <see cref="JobKinds"/>.</param>
/// <param name="Missed">What becomes of slots that passed while no worker ran.</param>
/// <param name="Priority">Of its jobs.</param>
public sealed record Recurring(string Name, string Cron, string TimeZone, string Kind, MissedSlots Missed, JobPriority Priority = JobPriority.Low)
{
    /// <summary>A slot noted so late still counts as in time: a restart of all workers is no miss.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    /// <summary>After an outage of months nobody asks for the exact number.</summary>
    private const int MostCounted = 10_000;

    private CronExpression Expression => field ??=
        CronExpression.Parse(Cron, Cron.Split(' ').Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);

    private TimeZoneInfo Zone => field ??= TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    /// <summary>The first slot later than <paramref name="moment"/>.</summary>
    /// <exception cref="InvalidOperationException">The expression has no next time.</exception>
    public DateTimeOffset After(DateTimeOffset moment) =>
        Expression.GetNextOccurrence(moment, Zone)?.ToUniversalTime() ?? throw new InvalidOperationException($"{Name}: '{Cron}' never comes again.");

    /// <summary>What to note when the slot <paramref name="next"/> has come and it is <paramref name="now"/>.</summary>
    public DueSlot Due(DateTimeOffset next, DateTimeOffset now)
    {
        var (latest, missed) = (next, 0);
        for (var slot = After(next); slot <= now && missed < MostCounted; slot = After(slot)) (latest, missed) = (slot, missed + 1);
        var isInTime = now - latest <= Grace;
        return new DueSlot(latest, isInTime || Missed == MissedSlots.CatchUpLatest, missed, missed > 0 ? next : null, After(missed < MostCounted ? latest : now));
    }
}

/// <summary>A slot to be noted.</summary>
/// <param name="Slot">The latest that has come.</param>
/// <param name="Runs">Whether it gets a job.</param>
/// <param name="MissedBefore">Earlier ones that nobody noted.</param>
/// <param name="MissedSince">The earliest of them.</param>
/// <param name="Next">The one after.</param>
public sealed record DueSlot(DateTimeOffset Slot, bool Runs, int MissedBefore, DateTimeOffset? MissedSince, DateTimeOffset Next);
