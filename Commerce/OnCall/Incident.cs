using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.OnCall;

/// <summary>Where an incident should be. PagerDuty is brought there afterwards, by whichever worker watches.</summary>
public enum IncidentState
{
    /// <summary>The condition holds, but not yet long enough to wake anybody.</summary>
    Suspected,

    Open,
    Resolved,
}

/// <summary>The desired state of one incident, and how far PagerDuty has been told. A worker that takes over the watch goes on from here.</summary>
public sealed class Incident
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Name of one of <see cref="Alerts"/>.</summary>
    public required string Alert { get; init; }

    public IncidentState State { get; private set; }
    public required string Summary { get; set; }

    /// <summary>JSON object of figures, by what they are called.</summary>
    public required string Details { get; set; }

    public required DateTimeOffset BadSince { get; init; }

    /// <summary>Since when the condition no longer holds; null while it does.</summary>
    public DateTimeOffset? ClearSince { get; private set; }

    public DateTimeOffset? OpenedAt { get; private set; }
    public DateTimeOffset? ResolvedAt { get; private set; }

    /// <summary>A trigger was written to the wire, whatever the answer: from here on PagerDuty may know of it.</summary>
    public bool IsTriggerTried { get; private set; }

    public DateTimeOffset? TriggeredAt { get; private set; }
    public DateTimeOffset? ResolveSentAt { get; private set; }
    public int SendFailures { get; private set; }
    public DateTimeOffset? NextSendAt { get; private set; }
    public string? SendError { get; private set; }

    /// <summary>Characters.</summary>
    public const int MaxSummary = 1024, MaxSendError = 500;

    public bool HasToTrigger => State == IncidentState.Open && TriggeredAt is null;

    /// <summary>An incident that PagerDuty cannot know of is not resolved there.</summary>
    public bool HasToResolve => State == IncidentState.Resolved && IsTriggerTried && ResolveSentAt is null;

    /// <summary>The condition holds.</summary>
    public void SeeBad(string summary, string details, TimeSpan openAfter, DateTimeOffset now)
    {
        (Summary, Details, ClearSince) = (summary, details, null);
        if (State != IncidentState.Suspected || now - BadSince < openAfter) return;
        State = IncidentState.Open;
        OpenedAt = now;
    }

    /// <summary>It is about something else now: whoever was told hears it again, under the same key.</summary>
    public void TellAgain() => TriggeredAt = null;

    /// <summary>The condition does not hold. Only once that has lasted is the incident over: a flapping cause is one incident.</summary>
    public void SeeClear(TimeSpan resolveAfter, DateTimeOffset now)
    {
        ClearSince ??= now;
        if (State != IncidentState.Open || now - ClearSince < resolveAfter) return;
        State = IncidentState.Resolved;
        ResolvedAt = now;
    }

    /// <summary>Neither good nor bad enough to say so: a figure between its two thresholds.</summary>
    public void SeeBetween() => ClearSince = null;

    public void TryTrigger() => IsTriggerTried = true;

    public void Sent(DateTimeOffset now)
    {
        if (State == IncidentState.Open) TriggeredAt = now;
        else ResolveSentAt = now;
        (SendFailures, NextSendAt, SendError) = (0, null, null);
    }

    public void SendFailed(string error, TimeSpan again, DateTimeOffset now)
    {
        SendFailures++;
        NextSendAt = now + again;
        SendError = error.CutTo(MaxSendError);
    }
}

internal sealed class IncidentMapping : IEntityTypeConfiguration<Incident>
{
    public void Configure(EntityTypeBuilder<Incident> incident)
    {
        incident.ToTable("incidents", table =>
        {
            table.HasCheckConstraint("ck_incidents_state", "state in ('suspected', 'open', 'resolved')");
            table.HasCheckConstraint("ck_incidents_resolved", "(state = 'resolved') = (resolved_at is not null)");
        });
        incident.Property(i => i.Id).ValueGeneratedNever();
        incident.Property(i => i.Alert).HasMaxLength(40);
        incident.Property(i => i.State).HasMaxLength(10)
            .HasConversion(state => state.ToString().ToLowerInvariant(), text => Enum.Parse<IncidentState>(text, ignoreCase: true));
        incident.Property(i => i.Summary).HasMaxLength(Incident.MaxSummary);
        incident.Property(i => i.Details).HasColumnType("jsonb");
        incident.Property(i => i.SendError).HasMaxLength(Incident.MaxSendError);
        incident.Ignore(i => i.HasToTrigger).Ignore(i => i.HasToResolve);
        // One at a time, whoever believes to hold the watch.
        incident.HasIndex(i => i.Alert).IsUnique().HasFilter("state <> 'resolved'").HasDatabaseName("ux_incidents_current");
        incident.HasIndex(i => i.ResolvedAt).HasFilter("state = 'resolved' and is_trigger_tried and resolve_sent_at is null").HasDatabaseName("ix_incidents_to_resolve");
    }
}
