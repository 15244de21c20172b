using System.ComponentModel.DataAnnotations;

namespace Worker.Watchdog;

/// <summary>Section <c>Watchdog</c>: when something is bad enough, and for how long. The defaults are the shop's; tests make them small.</summary>
public sealed class WatchdogOptions
{
    public const string Section = "Watchdog";

    /// <summary>How often the one that watches looks.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it looks at what reads many rows: payments and the stock ledger.</summary>
    public TimeSpan SlowEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A condition must hold for so long before somebody is woken.</summary>
    public TimeSpan OpenAfter { get; init; } = TimeSpan.Zero;

    /// <summary>And must be gone for so long before the incident is over.</summary>
    public TimeSpan ResolveAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>An incident whose alert this version does not know is over once no other version has found it bad for so long.</summary>
    public TimeSpan UnknownKeptFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>A signal older than this says nothing; a loop that has not turned for so long is taken for dead.</summary>
    public TimeSpan SignalsFreshFor { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Signals of nodes that never came back are forgotten.</summary>
    public TimeSpan SignalsKeptFor { get; init; } = TimeSpan.FromHours(24);

    public TimeSpan DeclineWindow { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Below so many payments a rate says nothing.</summary>
    [Range(1, 100_000)]
    public int DeclinePayments { get; init; } = 20;

    [Range(0.0, 1.0)]
    public double DeclineOpens { get; init; } = 0.5;

    [Range(0.0, 1.0)]
    public double DeclineClears { get; init; } = 0.35;

    /// <summary>How late a webhook may be.</summary>
    public TimeSpan WebhookGrace { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan WebhookWindow { get; init; } = TimeSpan.FromHours(6);

    /// <summary>So many payments in a row that only the shopper's return told of are a silence.</summary>
    [Range(1, 1000)]
    public int SilentPayments { get; init; } = 2;

    /// <summary>A question of a few milliseconds that is open for so long counts as not answered: a frozen server breaks no connection.</summary>
    public TimeSpan DatabaseAnswersWithin { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>PostgreSQL must be away for so long before every worker says so itself.</summary>
    public TimeSpan DatabaseDownAfter { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Where an incident leads besides its runbook.</summary>
    [Url]
    public string? DashboardUrl { get; init; }

    /// <summary>Where the runbooks are read, without their file name; null: the shop itself serves them.</summary>
    [Url]
    public string? RunbookBase { get; init; }
}
